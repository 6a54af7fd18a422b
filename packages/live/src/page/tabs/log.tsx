import { live } from '../live.ts';

/** What happened, newest first. */
export function LogTab() {
  const log = live.value?.log ?? [];
  if (log.length === 0) return <p class="empty">Nothing has happened yet.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Log">
      <table class="log">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Level</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {log.toReversed().map(({ at, level, text }, index) => (
            <tr key={log.length - index} class={level === 'info' ? undefined : 'row-warn'}>
              <td>
                <time dateTime={at}>{new Date(at).toLocaleTimeString()}</time>
              </td>
              <td>{level}</td>
              <td class="wrap">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
