import { count, latency, NO_VALUE, number, share } from '../format.ts';
import { isOn, live } from '../live.ts';

/** Health of the generator and of the machine: whether the numbers can be trusted. */
export function GeneratorTab() {
  const now = live.value?.now;
  if (now === null || now === undefined)
    return <p class="empty">The health of the generator is measured while a run is on.</p>;
  const { generator } = now;
  const facts: readonly (readonly [string, string])[] = [
    ['Busy share of its busiest thread', share(generator.eventLoopUtilization)],
    ['Lateness of starts, p99', latency(generator.pacerLagP99Ms)],
    ['Waiting for a processor, share of the wanted time', share(generator.waitShare)],
    ['Busy share of the machine', share(generator.machineCpuShare)],
    [
      isOn.value ? 'Memory' : 'Memory, at most',
      generator.rssBytes === null ? NO_VALUE : `${count(generator.rssBytes / 2 ** 20)} MiB`,
    ],
    [
      isOn.value ? 'Processor time so far' : 'Processor time',
      generator.cpuSeconds === null ? NO_VALUE : `${number(generator.cpuSeconds)} s`,
    ],
    ['Threads', count(generator.threads)],
    ...(isOn.value ? [['Iterations in flight', count(now.inFlight)] as const] : []),
    [isOn.value ? 'Iterations dropped so far' : 'Iterations dropped', count(now.dropped)],
  ];
  return (
    <>
      {generator.reasons.length === 0 ? (
        <section class="verdict verdict-pass" aria-label="Health of the generator">
          <h2>The generator keeps up</h2>
          <p>It starts work on time and has processor time to spare: latencies are those of the target.</p>
        </section>
      ) : (
        <section class="verdict verdict-warn" aria-label="Health of the generator">
          <h2>The generator or the machine is a limit</h2>
          <ul>
            {generator.reasons.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      <table class="facts-table">
        <caption>Generator and machine, {isOn.value ? 'in the last second' : 'over the whole run'}</caption>
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="num">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
