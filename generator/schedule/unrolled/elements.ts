import { isDifferentiable, sizeOf, storageOf, type Tensor } from '../../equations/tensor.ts';
import { type Element, elementOf } from './element.ts';

/** The elements of all tensors, and which of them have a value. */
export class Elements {
  readonly #elements = new Map<Tensor, readonly Element[]>();
  readonly #defined = new Set<Element>();

  /** @param given tensors whose numbers come from outside, although an equation could define them */
  constructor(given: readonly Tensor[]) {
    for (const tensor of given) this.of(tensor).forEach((element) => void this.#defined.add(element));
  }

  /** Row by row; a view has those of the tensor that it shows. */
  of(tensor: Tensor): readonly Element[] {
    const storage = storageOf(tensor);
    const known =
      this.#elements.get(storage) ?? Array.from({ length: sizeOf(storage) }, (_, offset) => elementOf(storage, offset));
    this.#elements.set(storage, known);
    return known;
  }

  define(element: Element): void {
    this.#defined.add(element);
  }

  /** Whether it is one that equations add up, and none adds to it. */
  isNothing(element: Element): boolean {
    const { array } = element.cell;
    const isComputed = array.role === 'gradient' || (isDifferentiable(array) && array.role === 'value');
    return isComputed && !this.#defined.has(element);
  }
}
