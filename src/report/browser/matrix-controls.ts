import { reasonOf } from './matrix-cells.js';
import type { MatrixView } from './matrix-view.js';

const ZOOM_STEP = 1.6;
const DOUBLE_CLICK_ZOOM = 2.5;

interface Parts {
  readonly tip: HTMLElement;
  readonly status: HTMLElement;
  readonly roleChoice: HTMLSelectElement;
}

/** Mouse, fingers, keys and buttons of the picture. */
export class MatrixControls {
  private readonly pointers = new Map<number, { x: number; y: number }>();

  constructor(
    private readonly matrix: MatrixView,
    private readonly parts: Parts,
  ) {
    const { canvas } = matrix;
    canvas.addEventListener('pointerdown', (event) => this.press(event));
    canvas.addEventListener('pointermove', (event) => this.point(event));
    for (const type of ['pointerup', 'pointercancel', 'pointerleave'] as const) {
      canvas.addEventListener(type, (event) => this.release(event));
    }
    canvas.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    canvas.addEventListener('dblclick', (event) => this.zoomAt(DOUBLE_CLICK_ZOOM, event.offsetX, event.offsetY));
    canvas.addEventListener('keydown', (event) => this.key(event));
    canvas.addEventListener('blur', () => this.setCursor(null));
    this.fillRoleChoice();
    parts.roleChoice.addEventListener('change', () => {
      const { value } = parts.roleChoice;
      this.showRole(value === '' ? null : Number(value));
    });
    for (const button of document.querySelectorAll<HTMLElement>('[data-zoom]')) {
      button.addEventListener('click', () => this.zoomBy(button.dataset['zoom']));
    }
    for (const button of document.querySelectorAll<HTMLElement>('[data-show-role]')) {
      button.addEventListener('click', () => {
        this.showRole(Number(button.dataset['showRole']));
        document.getElementById('matrix-view')?.scrollIntoView({ block: 'start' });
        canvas.focus({ preventScroll: true });
      });
    }
  }

  /** Fades all but one role; null shows all. */
  showRole(role: number | null): void {
    const { matrix, parts } = this;
    matrix.onlyRole = role;
    parts.roleChoice.value = role === null ? '' : String(role);
    if (role === null) {
      parts.status.textContent = 'All roles are shown.';
    } else {
      const { name, userCount, columns } = matrix.cells.picture.roles[role];
      parts.status.textContent = `Only ${name} is shown: ${userCount.toLocaleString('en')} users, ${columns.length.toLocaleString('en')} entitlements.`;
      matrix.view.reset();
    }
    matrix.ask();
  }

  private fillRoleChoice(): void {
    const { roles } = this.matrix.cells.picture;
    const bySize = roles.map((role, index) => ({ ...role, index })).sort((a, b) => b.userCount - a.userCount);
    for (const { name, userCount, index } of bySize) {
      this.parts.roleChoice.append(new Option(`${name} (${userCount.toLocaleString('en')})`, String(index)));
    }
  }

  private zoomBy(direction: string | undefined): void {
    if (direction === 'reset') this.matrix.view.reset();
    else this.matrix.view.zoom(direction === 'in' ? ZOOM_STEP : 1 / ZOOM_STEP);
    this.zoomed();
  }

  private zoomAt(factor: number, x: number, y: number): void {
    const { canvas, view } = this.matrix;
    view.zoom(factor, x / canvas.clientWidth, y / canvas.clientHeight);
    this.zoomed();
  }

  private zoomed(): void {
    const { canvas, view } = this.matrix;
    // While all is seen there is nothing to move: fingers scroll the page.
    canvas.classList.toggle('zoomed', !view.isWhole);
    this.hideTip();
    this.matrix.ask();
  }

  private wheel(event: WheelEvent): void {
    // Without Ctrl (which a pinch on a touch pad sends as well) the page scrolls, as it does everywhere else.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoomAt(Math.exp(-event.deltaY / 200), event.offsetX, event.offsetY);
  }

  private press(event: PointerEvent): void {
    this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (!this.matrix.view.isWhole || this.pointers.size > 1) this.matrix.canvas.setPointerCapture(event.pointerId);
  }

  private release(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
    if (event.type !== 'pointerup') this.hideTip();
  }

  private point(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    const now = { x: event.offsetX, y: event.offsetY };
    const { canvas, view } = this.matrix;
    if (before === undefined) return this.showTip(now.x, now.y);
    this.pointers.set(event.pointerId, now);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other === undefined) {
      view.move((before.x - now.x) / canvas.clientWidth, (before.y - now.y) / canvas.clientHeight);
    } else {
      const spread = (point: { x: number; y: number }): number => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      view.zoom(spread(now) / spread(before), middle.x / canvas.clientWidth, middle.y / canvas.clientHeight);
    }
    this.zoomed();
    if (view.isWhole) this.showTip(now.x, now.y);
  }

  private showTip(x: number, y: number): void {
    const { tip } = this.parts;
    const cell = this.matrix.cellAt(x, y);
    if (cell === null) return this.hideTip();
    const facts = this.matrix.cells.factsAt(cell.row, cell.column);
    const line = (text: string, className: string): HTMLElement => {
      const element = document.createElement('span');
      element.className = className;
      element.textContent = text;
      return element;
    };
    tip.replaceChildren(
      line(facts.user, 'tip-user'),
      line(facts.userDetails, 'tip-details'),
      line(facts.entitlement, 'tip-entitlement'),
      line(reasonOf(facts), 'tip-reason'),
    );
    tip.hidden = false;
    const room = this.matrix.canvas.clientWidth;
    const left = x + 16 + tip.offsetWidth > room ? Math.max(0, x - 16 - tip.offsetWidth) : x + 16;
    const top = Math.max(0, Math.min(y + 16, this.matrix.canvas.clientHeight - tip.offsetHeight));
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  private hideTip(): void {
    this.parts.tip.hidden = true;
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? 10 : 1;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.moveCursor(0, -step),
      ArrowRight: () => this.moveCursor(0, step),
      ArrowUp: () => this.moveCursor(-step, 0),
      ArrowDown: () => this.moveCursor(step, 0),
      Home: () => this.moveCursor(-Infinity, -Infinity),
      End: () => this.moveCursor(Infinity, Infinity),
      PageDown: () => this.moveToBlock(1),
      PageUp: () => this.moveToBlock(-1),
      '+': () => this.zoomAtCursor(ZOOM_STEP),
      '=': () => this.zoomAtCursor(ZOOM_STEP),
      '-': () => this.zoomAtCursor(1 / ZOOM_STEP),
      '0': () => this.zoomBy('reset'),
      Escape: () => this.showRole(null),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  }

  private moveCursor(rows: number, columns: number): void {
    const { cells, cursor } = this.matrix;
    const start = cursor ?? { row: 0, column: 0 };
    const move = (from: number, by: number, count: number): number =>
      Math.min(count - 1, Math.max(0, cursor === null && Number.isFinite(by) ? from : from + by));
    this.setCursor({
      row: move(start.row, rows, cells.rowCount),
      column: move(start.column, columns, cells.columnCount),
    });
  }

  private moveToBlock(direction: 1 | -1): void {
    const { blocks, cursor } = this.matrix;
    if (blocks.length === 0) return;
    const at =
      cursor === null ? -1 : blocks.findIndex(({ row, column }) => row === cursor.row && column === cursor.column);
    const next = at < 0 ? (direction > 0 ? 0 : blocks.length - 1) : (at + direction + blocks.length) % blocks.length;
    const block = blocks[next];
    this.setCursor({ row: block.row, column: block.column });
    this.parts.status.textContent = `Block of ${this.matrix.cells.picture.roles[block.role].name}. ${this.parts.status.textContent}`;
  }

  private zoomAtCursor(factor: number): void {
    const { canvas, cursor, view } = this.matrix;
    const x = cursor === null ? 0.5 : (cursor.column + 0.5 - view.left) / view.width;
    const y = cursor === null ? 0.5 : (cursor.row + 0.5 - view.top) / view.height;
    this.zoomAt(factor, x * canvas.clientWidth, y * canvas.clientHeight);
  }

  private setCursor(cell: { row: number; column: number } | null): void {
    const { matrix, parts } = this;
    matrix.cursor = cell;
    if (cell !== null) {
      matrix.view.reveal(cell.row, cell.column);
      const facts = matrix.cells.factsAt(cell.row, cell.column);
      const user = facts.userDetails === '' ? facts.user : `${facts.user} (${facts.userDetails})`;
      parts.status.textContent = `${user}: ${facts.entitlement}. ${reasonOf(facts)}.`;
    }
    matrix.ask();
  }
}
