import { COLOUR_COUNT } from '../matrix/matrix-picture.js';

export type Colour = readonly [red: number, green: number, blue: number];

/** The colours of the style sheet, which knows about light, dark and paper. */
export interface Palette {
  readonly paper: Colour;
  readonly ink: string;
  readonly panel: string;
  readonly roles: readonly Colour[];
  readonly kept: Colour;
  readonly direct: Colour;
  readonly missing: string;
  readonly extra: string;
  readonly cursor: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const text = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const colour = (name: string): Colour => colourOf(text(name));
  return {
    paper: colour('matrix-paper'),
    ink: text('ink'),
    panel: text('panel'),
    roles: Array.from({ length: COLOUR_COUNT }, (_, index) => colour(`role-${index}`)),
    kept: colour('role-kept'),
    direct: colour('direct'),
    missing: text('missing'),
    extra: text('extra'),
    cursor: text('accent'),
  };
}

/** `#rgb` or `#rrggbb`, as the style sheet and its minifier write them. */
function colourOf(text: string): Colour {
  const digits = text.length === 4 ? [...text.slice(1)].map((digit) => digit + digit).join('') : text.slice(1);
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Colour;
}
