import { useState } from 'preact/hooks';

/** A choice: a short text in the list, and a sentence that is shown below it. */
export interface DescribedOption {
  readonly value: string;
  readonly text?: string;
  readonly description: string;
  readonly disabled?: boolean;
}

interface Props {
  readonly label: string;
  readonly name: string;
  readonly options: readonly DescribedOption[];
  /** The value that is chosen first; a value that no option has means the first that can be chosen. */
  readonly initial: string | undefined;
  readonly onChange?: (value: string) => void;
  /** Shown below the description, whatever is chosen. */
  readonly note?: string;
  readonly className?: string;
}

/**
 * A list to choose from, with the description of what is chosen below it: a closed list cuts long texts. `initial` is read once:
 * whoever wants to begin anew with other options gives another `key`. `name` is unique on the page, as ids are made of it.
 */
export function DescribedSelect({ label, name, options, initial, onChange, note, className = '' }: Props) {
  const [chosen, setChosen] = useState(initial);
  const current =
    options.find(({ value, disabled }) => value === chosen && disabled !== true) ??
    options.find(({ disabled }) => disabled !== true);
  const id = `start-${name}`;
  return (
    <div class={`field ${className}`.trimEnd()}>
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        aria-describedby={`${id}-about`}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
          onChange?.(event.currentTarget.value);
        }}
      >
        {options.map(({ value, text = value, disabled = false }) => (
          <option key={value} value={value} disabled={disabled} selected={value === current?.value}>
            {text}
          </option>
        ))}
      </select>
      <p class="note" id={`${id}-about`}>
        {[current?.description ?? '', note ?? ''].filter((text) => text !== '').join('. ')}
      </p>
    </div>
  );
}
