/**
 * A file that the package carries beside its code, by its path from the root. The place is the same from `generator/`,
 * which the checkout runs, and from `dist/`, where everything is bundled into files of one folder.
 */
export function packageFile(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}
