/** Smallest part of the matrix that fills the picture, in rows and in columns. */
const CLOSEST = 6;

/** Which part of the matrix is seen, in rows and columns; both directions are stretched to fill the picture. */
export class Viewport {
  left = 0;
  top = 0;
  width: number;
  height: number;

  constructor(
    readonly columnCount: number,
    readonly rowCount: number,
  ) {
    this.width = columnCount;
    this.height = rowCount;
  }

  get isWhole(): boolean {
    return this.width >= this.columnCount && this.height >= this.rowCount;
  }

  reset(): void {
    this.left = 0;
    this.top = 0;
    this.width = this.columnCount;
    this.height = this.rowCount;
  }

  /** Above 1 closer. The point, as shares of the picture, stays where it is. */
  zoom(factor: number, shareX = 0.5, shareY = 0.5): void {
    const x = this.left + shareX * this.width;
    const y = this.top + shareY * this.height;
    this.width = clamp(this.width / factor, Math.min(CLOSEST, this.columnCount), this.columnCount);
    this.height = clamp(this.height / factor, Math.min(CLOSEST, this.rowCount), this.rowCount);
    this.left = x - shareX * this.width;
    this.top = y - shareY * this.height;
    this.keepInside();
  }

  /** By shares of the picture. */
  move(shareX: number, shareY: number): void {
    this.left += shareX * this.width;
    this.top += shareY * this.height;
    this.keepInside();
  }

  /** Moves as little as needed for the cell to be seen. */
  reveal(row: number, column: number): void {
    this.left = clamp(this.left, column + 1 - this.width, column);
    this.top = clamp(this.top, row + 1 - this.height, row);
    this.keepInside();
  }

  private keepInside(): void {
    this.left = clamp(this.left, 0, this.columnCount - this.width);
    this.top = clamp(this.top, 0, this.rowCount - this.height);
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
