import { InvalidArgumentError } from 'commander';

/** Reads an option's positive integer; `example` is how it would be right. */
export function positiveInteger(example: string): (text: string) => number {
  return integerFrom(1, 'a positive integer', example);
}

/** Reads an option's integer of 0 or more. */
export function wholeNumber(example: string): (text: string) => number {
  return integerFrom(0, 'an integer of 0 or more', example);
}

function integerFrom(least: number, what: string, example: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
    throw new InvalidArgumentError(`Expected ${what}, such as ${example}.`);
  };
}
