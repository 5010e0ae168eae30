import { DIRECT, type MatrixCells } from './matrix-cells.js';
import type { Colour, Palette } from './palette.js';
import type { Viewport } from './viewport.js';

/** How much of a cell's colour is left while another role is looked at. */
const FADED = 0.1;
/** From so many pixels a cell on there is a line between cells. */
const LINE_FROM = 7;

/** Lone cells among empty ones are drawn stronger than the part of a pixel that they fill; the smaller they are, the more. */
function sparseExponent(pixelsPerCell: number): number {
  return Math.min(0.6, Math.max(0.2, 0.6 + 0.25 * Math.log10(pixelsPerCell)));
}

/**
 * Paints the cells of the seen part, each pixel in the mean colour of what it covers. A line of pixels at a time: lines that show
 * the same row are copied. O(cells in the seen rows + pixels); 105,000 cells take a few milliseconds.
 */
export function paintCells(
  image: ImageData,
  cells: MatrixCells,
  view: Viewport,
  palette: Palette,
  onlyRole: number | null,
): void {
  const { width, height } = image;
  const pixels = new Uint32Array(image.data.buffer);
  const colours = cells.picture.roles.map((role) => (role.isKept ? palette.kept : palette.roles[role.colour]));
  const perPixelX = view.width / width;
  const perPixelY = view.height / height;
  const line = new Float32Array(width * 4);
  const gapX = 1 / perPixelX >= LINE_FROM ? 1 : 0;
  const gapY = 1 / perPixelY >= LINE_FROM;
  const paper = packed(palette.paper);
  const exponent = sparseExponent(1 / (perPixelX * perPixelY));
  let copiedRow = -1;

  for (let y = 0; y < height; y++) {
    const top = view.top + y * perPixelY;
    const bottom = top + perPixelY;
    const first = Math.floor(top);
    const last = Math.min(cells.rowCount, Math.ceil(bottom - 1e-9));
    if (gapY && Math.floor(bottom) > first) {
      pixels.fill(paper, y * width, (y + 1) * width);
      copiedRow = -1;
      continue;
    }
    if (last - first === 1 && first === copiedRow) {
      pixels.copyWithin(y * width, (y - 1) * width, y * width);
      continue;
    }
    copiedRow = last - first === 1 ? first : -1;
    line.fill(0);
    for (let row = first; row < last; row++) {
      const share = (Math.min(row + 1, bottom) - Math.max(row, top)) / perPixelY;
      addRow(row, share);
    }
    for (let x = 0; x < width; x++) pixels[y * width + x] = pixelOf(x);
  }

  function addRow(row: number, share: number): void {
    const end = cells.offsets[row + 1];
    for (let at = cells.find(row, Math.floor(view.left)); at < end; at++) {
      const from = (cells.columns[at] - view.left) / perPixelX;
      if (from >= width) break;
      const to = Math.min(width, (cells.columns[at] + 1 - view.left) / perPixelX - gapX);
      const role = cells.roles[at];
      const colour = role === DIRECT ? palette.direct : colours[role];
      const strength = share * (onlyRole === null || givesCell(onlyRole, row, cells.columns[at]) ? 1 : FADED);
      for (let x = Math.max(0, Math.floor(from)); x < to; x++) {
        const weight = strength * (Math.min(x + 1, to) - Math.max(x, from));
        if (weight <= 0) continue;
        line[4 * x] += weight * colour[0];
        line[4 * x + 1] += weight * colour[1];
        line[4 * x + 2] += weight * colour[2];
        line[4 * x + 3] += weight;
      }
    }
  }

  /** The looked-at role may give what is drawn in the block of another. */
  function givesCell(role: number, row: number, column: number): boolean {
    return cells.picture.rolesOfUser[row].includes(role) && cells.picture.roles[role].columns.includes(column);
  }

  function pixelOf(x: number): number {
    const weight = line[4 * x + 3];
    if (weight <= 0) return paper;
    const cover = weight >= 1 ? 1 : weight ** exponent;
    const channel = (index: 0 | 1 | 2): number =>
      (line[4 * x + index] / weight) * cover + palette.paper[index] * (1 - cover);
    return packed([channel(0), channel(1), channel(2)]);
  }
}

/** As the bytes of an ImageData lie in memory on every machine that browsers run on: little-endian RGBA. */
function packed([red, green, blue]: Colour): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}
