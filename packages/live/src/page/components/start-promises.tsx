import type { StartRequest, SuiteOffer } from '../../api/start-schema.ts';
import { fieldText } from '../field-text.ts';

/** Reads what judges the run. */
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
          <label class="field" key={suite.name}>
            Objectives
            <select name="objectives">
              {[...suite.objectives, { name: 'none', description: 'thresholds alone' }].map(
                ({ name, description }) => (
                  <option
                    key={name}
                    value={name}
                    selected={defaults.suite === suite.name && defaults.objectives === name}
                  >
                    {name}: {description}
                  </option>
                ),
              )}
            </select>
          </label>
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
