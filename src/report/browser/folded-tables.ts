/** Rows of a long table that are seen at first; the style sheet knows it too. */
const SEEN_ROWS = 20;

/** Folds long tables behind a button. Without the script, and on paper, they are whole. */
export function foldLongTables(): void {
  for (const table of document.querySelectorAll('table')) {
    const rowCount = table.tBodies[0]?.rows.length ?? 0;
    if (rowCount <= SEEN_ROWS * 1.5) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'more-button';
    button.textContent = `Show all ${rowCount.toLocaleString('en')}`;
    button.addEventListener('click', () => {
      const next = table.tBodies[0].rows[SEEN_ROWS];
      unfold(table);
      // The keyboard goes on where the list does.
      next.querySelector<HTMLElement>('summary, button')?.focus();
    });
    table.classList.add('folded');
    table.after(button);
  }
}

export function unfold(table: HTMLTableElement): void {
  if (!table.classList.contains('folded')) return;
  table.classList.remove('folded');
  table.nextElementSibling?.remove();
}
