import type { StartRequest, SuiteOffer } from '../../api/start-schema.ts';
import { fieldText } from '../field-text.ts';
import { DescribedSelect } from './described-select.tsx';

/**
 * Reads what judges the run. Thresholds are always sent, also none: they replace those of the command line, which the field shows
 * at first.
 */
export function readPromises(data: FormData): Pick<StartRequest, 'objectives' | 'thresholds'> {
  const lines = fieldText(data, 'thresholds').split('\n');
  const objectives = fieldText(data, 'objectives');
  return {
    thresholds: lines.map((line) => line.trim()).filter((line) => line !== ''),
    ...(objectives === '' ? {} : { objectives }),
  };
}

/** Chooses what judges the run: a set of objectives of the suite, and thresholds. */
export function StartPromises({
  suite,
  defaults,
}: {
  readonly suite: SuiteOffer;
  readonly defaults: StartRequest;
}) {
  return (
    <fieldset class="start-promises">
      <legend>Pass or fail</legend>
      <div class="row">
        {suite.objectives.length === 0 ? null : (
          <DescribedSelect
            key={suite.name}
            className="field-whole"
            label="Objectives"
            name="objectives"
            options={[...suite.objectives, { name: 'none', description: 'Thresholds alone' }].map(
              ({ name, description }) => ({ value: name, description }),
            )}
            initial={defaults.suite === suite.name ? defaults.objectives : undefined}
          />
        )}
        <label class="field field-wide">
          Thresholds, one per line
          <textarea
            name="thresholds"
            rows={2}
            spellcheck={false}
            placeholder="http_req_failed:rate<0.01"
            defaultValue={(defaults.thresholds ?? []).join('\n')}
          />
        </label>
      </div>
      <p class="note">
        Besides those that the scenarios have. A metric and an expression: p(95)&lt;500 alone is about
        response times in milliseconds.
      </p>
    </fieldset>
  );
}
