import type { RuleRow } from './behaviourRows.ts';
import type { NetworkCheck } from './check.ts';
import type { FormCheck } from './checkForm.ts';
import { counted, explain } from './explain.ts';
import { isWithin, type Measure } from './measure.ts';
import { type Cell, type Paint, printTable } from './table.ts';
import type { TensorRow } from './tensorRows.ts';

/** The check of one network as text: the tables of each form, and under them in words what was checked. */
export function printCheck(check: NetworkCheck, paint: Paint): string {
  const { name, seed, samples, forms, refused, passed } = check;
  const lines = [
    paint('bold', `${name}: ${counted(samples, 'random sample')}, seed ${seed}`),
    ...forms.flatMap((form) => ['', ...printForm(form, paint)]),
    ...refused.flatMap(({ form, problems }) =>
      problems.map(({ found, expected }) => `${form}: not checked: ${found}; ${expected}`),
    ),
    '',
    ...explain(check),
    passed ? paint('green', `${name}: everything agrees`) : paint('red', `${name}: WRONG: ${listWrong(forms)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function printForm({ form, precision, tensors, rules, faults }: FormCheck, paint: Paint): readonly string[] {
  if (faults.length > 0) return faults.map((fault) => paint('red', `${form}: ${fault}`));
  const tensorHead = [`${form}, ${precision}`, 'numbers', 'reference', 'differences', 'slots', 'adjoint', ''];
  const ruleHead = ['rules', 'numbers', 'error', ''];
  return [
    ...printTable(tensorHead, tensors.map(tensorCells), paint),
    '',
    ...printTable(ruleHead, rules.map(ruleCells), paint),
  ];
}

function tensorCells(row: TensorRow): readonly Cell[] {
  const { name, of, count, reference, differences, adjoint } = row;
  return [
    { text: of === 'gradient' ? `∂ ${name}` : name },
    { text: String(count) },
    measureCell(reference),
    measureCell(differences),
    { text: differences === undefined ? '–' : `${differences.slots} of ${count}` },
    measureCell(adjoint),
    verdictCell(row),
  ];
}

function ruleCells(row: RuleRow): readonly Cell[] {
  return [{ text: row.name }, { text: String(row.count) }, measureCell(row), verdictCell(row)];
}

function measureCell(measure: Measure | undefined): Cell {
  if (measure === undefined) return { text: '–' };
  const { error } = measure;
  const text = error === 0 || !Number.isFinite(error) ? String(error) : error.toExponential(1);
  return { text, ...(isWithin(measure) ? {} : { style: 'red' }) };
}

function verdictCell({ passed, notes }: Pick<TensorRow, 'passed' | 'notes'>): Cell {
  const text = [passed ? 'ok' : 'WRONG', ...notes].join(': ');
  return { text, ...(passed ? {} : { style: 'red' }) };
}

function listWrong(forms: readonly FormCheck[]): string {
  const names = forms.flatMap(({ form, tensors, rules, faults }) => [
    ...faults.slice(0, 1).map(() => form),
    ...tensors.filter(({ passed }) => !passed).map(({ name, of }) => (of === 'gradient' ? `∂ ${name}` : name)),
    ...rules.filter(({ passed }) => !passed).map(({ name }) => name),
  ]);
  return [...new Set(names)].join(', ');
}
