import { packageTests } from '../../vitest.shared.ts';

export default packageTests({ globalSetup: ['./test/build-assets.ts'] });
