/** The text does something that exact arithmetic cannot follow, or that is wrong whatever the numbers. */
export class Refusal extends Error {
  override name = 'Refusal';
}
