import type { MatrixPicture } from '../matrix/matrix-picture.js';
import { setUpCandidateList } from './candidate-list.js';
import { foldLongTables } from './folded-tables.js';
import { MatrixCells } from './matrix-cells.js';
import { MatrixControls } from './matrix-controls.js';
import { MatrixView } from './matrix-view.js';

/** The script of a report: draws the picture and makes lists searchable. Without it the tables still say everything. */
function start(): void {
  const list = document.querySelector<HTMLTableElement>('#candidate-list');
  if (list !== null) setUpCandidateList(list);
  foldLongTables();
  setUpMatrix();
}

function setUpMatrix(): void {
  const find = <T extends HTMLElement>(id: string): T | null => document.getElementById(id) as T | null;
  const data = find('matrix-data');
  const canvas = find<HTMLCanvasElement>('matrix-canvas');
  const tip = find('matrix-tip');
  const status = find('matrix-status');
  const roleChoice = find<HTMLSelectElement>('matrix-role');
  if (data === null || canvas === null || tip === null || status === null || roleChoice === null) return;
  const picture = JSON.parse(data.textContent ?? '') as MatrixPicture;
  const matrix = new MatrixView(canvas, new MatrixCells(picture));
  new MatrixControls(matrix, { tip, status, roleChoice });
  matrix.draw();
  document.documentElement.dataset['drawn'] = '';
  new ResizeObserver(() => matrix.ask()).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => matrix.readColours());
  addEventListener('beforeprint', () => onPaper(matrix, true));
  addEventListener('afterprint', () => onPaper(matrix, false));
}

/** Paper is light, and shows the whole. */
function onPaper(matrix: MatrixView, isPaper: boolean): void {
  document.documentElement.toggleAttribute('data-print', isPaper);
  if (isPaper) matrix.view.reset();
  matrix.readColours();
}

start();
