import { startVoiceTarget } from './.vt.mjs';
const t = await startVoiceTarget({ speaks: '/usr/bin/espeak-ng', hears: '/tmp/voice-venv/bin/pocketsphinx_lm' });
console.log(t.url);
setTimeout(async () => { console.log(JSON.stringify(t.heard)); await t.close(); process.exit(0); }, Number(process.argv[2]) * 1000);
