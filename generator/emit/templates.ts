import { rendererOf } from './renderers.ts';

/** A template of the `templates` folder, made ready at its first use. */
export function template<View>(name: string): (view: View) => string {
  let render: ((view: View) => string) | undefined;
  return (view) => {
    render ??= rendererOf<View>(name);
    return render(view);
  };
}
