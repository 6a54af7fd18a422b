import { VIEWS, type View } from '@jarvis-load/reporter';
import { readJournalSoFar } from '../results/read-journal.ts';
import { FILES_SO_FAR } from './files-so-far.ts';

/**
 * A process that writes one report of a run that is on to its standard output. Arguments: the journal, the file. With exit code
 * 0 the report is whole; any other one has the reason on standard error. `reports-so-far.ts` forks it, with an IPC channel.
 */
const [journal = '', asked] = process.argv.slice(2);
const file = FILES_SO_FAR.find((name) => name === asked);
if (file === undefined) throw new Error(`no report ${asked}`);
// Ends with the process that asked for it.
const orphaned = (): void => process.exit(1);
process.on('disconnect', orphaned);
const render: View = VIEWS[file];
const content = render(await readJournalSoFar(journal, 'the journal of the run')) ?? '';
process.stdout.write(content, () => {
  process.off('disconnect', orphaned);
  process.disconnect();
});
