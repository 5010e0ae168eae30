import type { PictureSuspicion } from '../matrix/matrix-picture.js';
import { type Block, findBlocks } from './blocks.js';
import { MatrixCells } from './matrix-cells.js';
import { paintCells } from './paint-cells.js';
import { type Palette, readPalette } from './palette.js';
import { Viewport } from './viewport.js';

/** Beyond that a sharper picture is only slower. */
const MOST_PIXELS_PER_POINT = 2;
const FONT = '12px ui-sans-serif, system-ui, sans-serif';

/** The picture on its canvas: what part of it is seen, which cell the cursor is on, which role is looked at. */
export class MatrixView {
  readonly view: Viewport;
  readonly blocks: readonly Block[];
  cursor: { row: number; column: number } | null = null;
  onlyRole: number | null = null;
  private readonly context: CanvasRenderingContext2D;
  private palette: Palette = readPalette();
  private isAsked = false;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly cells: MatrixCells,
  ) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('This browser draws no canvas');
    this.context = context;
    this.view = new Viewport(cells.columnCount, cells.rowCount);
    this.blocks = findBlocks(cells);
  }

  /** Colours may have changed: dark mode, paper. */
  readColours(): void {
    this.palette = readPalette();
    this.draw();
  }

  /** Draws before the next frame, however often it is asked. */
  ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      this.draw();
    });
  }

  draw(): void {
    const { canvas, context } = this;
    const scale = Math.min(window.devicePixelRatio || 1, MOST_PIXELS_PER_POINT);
    const width = Math.max(1, Math.round(canvas.clientWidth * scale));
    const height = Math.max(1, Math.round(canvas.clientHeight * scale));
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const image = context.createImageData(width, height);
    paintCells(image, this.cells, this.view, this.palette, this.onlyRole);
    context.putImageData(image, 0, 0);
    context.save();
    context.scale(scale, scale);
    this.drawNames();
    this.drawMarks(this.cells.picture.suspectedExtra, 'extra');
    this.drawMarks(this.cells.picture.suspectedMissing, 'missing');
    this.drawCursor();
    context.restore();
  }

  /** Row and column under a point of the canvas, in CSS pixels; null outside. */
  cellAt(x: number, y: number): { row: number; column: number } | null {
    const row = Math.floor(this.view.top + (y / this.canvas.clientHeight) * this.view.height);
    const column = Math.floor(this.view.left + (x / this.canvas.clientWidth) * this.view.width);
    const isInside = row >= 0 && column >= 0 && row < this.cells.rowCount && column < this.cells.columnCount;
    return isInside ? { row, column } : null;
  }

  private x(column: number): number {
    return ((column - this.view.left) / this.view.width) * this.canvas.clientWidth;
  }

  private y(row: number): number {
    return ((row - this.view.top) / this.view.height) * this.canvas.clientHeight;
  }

  /** Names on blocks that have room for them. */
  private drawNames(): void {
    const { context } = this;
    context.font = FONT;
    context.textBaseline = 'middle';
    for (const { role, row, rows, column, columns } of this.blocks) {
      if (this.onlyRole !== null && role !== this.onlyRole) continue;
      const left = Math.max(0, this.x(column));
      const right = Math.min(this.canvas.clientWidth, this.x(column + columns));
      const top = Math.max(0, this.y(row));
      const bottom = Math.min(this.canvas.clientHeight, this.y(row + rows));
      if (right - left < 64 || bottom - top < 24) continue;
      const name = this.fitting(this.cells.picture.roles[role].name, right - left - 20);
      if (name === '') continue;
      context.globalAlpha = 0.88;
      context.fillStyle = this.palette.panel;
      context.beginPath();
      context.roundRect(left + 4, top + 4, context.measureText(name).width + 12, 18, 4);
      context.fill();
      context.globalAlpha = 1;
      context.fillStyle = this.palette.ink;
      context.fillText(name, left + 10, top + 13.5);
    }
  }

  private fitting(name: string, room: number): string {
    if (this.context.measureText(name).width <= room) return name;
    const characters = [...name];
    while (characters.length > 5) {
      characters.pop();
      const shortened = `${characters.join('').trimEnd()}…`;
      if (this.context.measureText(shortened).width <= room) return shortened;
    }
    return '';
  }

  /** Diamonds and rings, told apart by form and not by colour alone, and never too small to see. */
  private drawMarks(suspicions: readonly PictureSuspicion[], kind: 'missing' | 'extra'): void {
    const { context, canvas, view } = this;
    const cellWidth = canvas.clientWidth / view.width;
    const cellHeight = canvas.clientHeight / view.height;
    // Many marks, and marks on a small screen, must not bury the blocks.
    const isCrowded = suspicions.length * 1_500 > canvas.clientWidth * canvas.clientHeight;
    const least = suspicions.length <= 300 && !isCrowded ? 2.2 : isCrowded ? 0.9 : 1.3;
    const radius = Math.max(least, Math.min(cellWidth, cellHeight, 14) / 3);
    context.globalAlpha = this.onlyRole === null ? 1 : 0.25;
    context.fillStyle = this.palette.extra;
    context.strokeStyle = this.palette.missing;
    context.lineWidth = Math.max(1, radius / 3);
    context.beginPath();
    for (const [row, column] of suspicions) {
      const x = this.x(column + 0.5);
      const y = this.y(row + 0.5);
      if (x < 0 || y < 0 || x > canvas.clientWidth || y > canvas.clientHeight) continue;
      if (kind === 'extra') {
        context.moveTo(x, y - radius);
        context.lineTo(x + radius, y);
        context.lineTo(x, y + radius);
        context.lineTo(x - radius, y);
        context.closePath();
      } else {
        context.moveTo(x + radius, y);
        context.arc(x, y, radius, 0, 2 * Math.PI);
      }
    }
    if (kind === 'extra') context.fill();
    else context.stroke();
    context.globalAlpha = 1;
  }

  private drawCursor(): void {
    if (this.cursor === null) return;
    const { context, canvas } = this;
    const { row, column } = this.cursor;
    const [left, top] = [this.x(column), this.y(row)];
    const [width, height] = [this.x(column + 1) - left, this.y(row + 1) - top];
    context.fillStyle = this.palette.cursor;
    context.globalAlpha = 0.25;
    context.fillRect(0, top, canvas.clientWidth, Math.max(1, height));
    context.fillRect(left, 0, Math.max(1, width), canvas.clientHeight);
    context.globalAlpha = 1;
    context.strokeStyle = this.palette.cursor;
    context.lineWidth = 2;
    context.strokeRect(left - 2, top - 2, width + 4, height + 4);
  }
}
