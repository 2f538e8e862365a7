import { OneLine } from '../oneLine.ts';
import { gradientOf } from '../relations.ts';
import { marked, type Piece, piecesOf, unmarked } from './formulas.ts';
import { data, elementLabel, machine, session } from './session.ts';
import { type Chosen, find, make, plainName } from './view.ts';

const line = new OneLine(machine);

/** The output, or the gradient of the chosen number, as one formula. */
export function showLine(): void {
  const { chosen } = session;
  const gradient = chosen && gradientOf(machine, chosen.tensor);
  const root: Chosen =
    session.derivative && chosen !== undefined && gradient !== undefined
      ? { tensor: gradient, offset: chosen.offset }
      : { tensor: data.output, offset: 0 };
  const depthInput = find<HTMLInputElement>('#depth');
  depthInput.max = String(line.depth(root));
  const text = line.text(root, Number(depthInput.value), session.opened, elementLabel, (tensor, offset) =>
    marked(tensor, offset, elementLabel(tensor, offset)),
  );
  const box = find('#line');
  const left = `${elementLabel(root.tensor, root.offset)} = `;
  if (typeof text === 'number') {
    delete box.dataset.text;
    const size = text.toLocaleString('en-US');
    box.replaceChildren(`${left}… would be ${size} characters long; 5,000 are shown at most. Take a smaller depth.`);
    return;
  }
  box.replaceChildren(left, ...piecesOf(text).map(linePiece));
  box.dataset.text = unmarked(text);
}

/** A name that can be opened is a button. */
function linePiece(piece: Piece): Node | string {
  if (typeof piece === 'string') return piece;
  if (line.definition(piece) === undefined)
    return make('span', { class: 'e', 'data-e': `${piece.tensor}:${piece.offset}` }, piece.label);
  const label = `${piece.label}: open its definition`;
  const button = make('button', { type: 'button', class: 'open', 'aria-label': label }, piece.label);
  button.addEventListener('click', () => {
    session.opened.add(plainName(machine, piece));
    showLine();
    find('#line').focus();
  });
  return button;
}
