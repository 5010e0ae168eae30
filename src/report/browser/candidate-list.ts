import { unfold } from './folded-tables.js';

/** Searching and sorting of the candidates. */
export function setUpCandidateList(list: HTMLTableElement): void {
  const body = list.tBodies[0];
  const rows = [...body.rows];
  const texts = new Map(rows.map((row) => [row, (row.textContent ?? '').toLowerCase()]));
  const search = document.querySelector<HTMLInputElement>('#candidate-search');
  const sort = document.querySelector<HTMLSelectElement>('#candidate-sort');
  const status = document.querySelector<HTMLElement>('#candidate-status');
  if (search === null || sort === null || status === null) return;
  const columns = [...list.tHead!.rows[0].cells].map((cell) => cell.querySelector('button')!.dataset['sort']);

  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length > 0) unfold(list);
    let found = 0;
    for (const row of rows) {
      const isFound = words.every((word) => texts.get(row)!.includes(word));
      row.hidden = !isFound;
      if (isFound) found++;
    }
    const all = rows.length.toLocaleString('en');
    status.textContent = words.length === 0 ? '' : `${found.toLocaleString('en')} of ${all} candidates match.`;
  });

  const sortBy = (key: string, isAscending: boolean): void => {
    const column = columns.indexOf(key);
    const rank = (row: HTMLTableRowElement): number => Number(row.dataset['rank']);
    const value = (row: HTMLTableRowElement): number => Number(row.cells[column].dataset['value']);
    const name = (row: HTMLTableRowElement): string => row.querySelector('.name')!.textContent ?? '';
    const compare = (a: HTMLTableRowElement, b: HTMLTableRowElement): number => {
      if (key === 'rank') return rank(a) - rank(b);
      return key === 'name' ? name(a).localeCompare(name(b)) : value(a) - value(b);
    };
    rows.sort((a, b) => (isAscending ? compare(a, b) : compare(b, a)) || rank(a) - rank(b));
    body.append(...rows);
    [...list.tHead!.rows[0].cells].forEach((cell, index) => {
      cell.ariaSort = index !== column ? 'none' : isAscending ? 'ascending' : 'descending';
    });
    sort.value = key;
  };
  const isUsuallyAscending = (key: string): boolean => key === 'rank' || key === 'name';
  sort.addEventListener('change', () => sortBy(sort.value, isUsuallyAscending(sort.value)));
  [...list.tHead!.rows[0].cells].forEach((cell, index) => {
    const key = columns[index]!;
    cell.querySelector('button')!.addEventListener('click', () => {
      // Twice the same turns the order around.
      const isAscending = cell.ariaSort === 'none' ? isUsuallyAscending(key) : cell.ariaSort !== 'ascending';
      sortBy(key, isAscending);
    });
  });
}
