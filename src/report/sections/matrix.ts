import { html, jsonForHtml, type Html } from '../html.js';
import type { MatrixPicture } from '../matrix/matrix-picture.js';
import { count, counted } from '../wording.js';

/** Blocks that are named below the picture. */
const NAMED_BLOCKS = 10;

export function renderMatrix(picture: MatrixPicture): Html {
  const { users, entitlements, suspectedMissing, suspectedExtra } = picture;
  const direct = picture.directOfUser.reduce((sum, columns) => sum + columns.length, 0);
  const kept = picture.roles.some(({ isKept }) => isKept);
  return html`<p>
      A row is a person, a column an entitlement, and every dot something that somebody holds. Rows and columns are
      ordered by the proposed roles, so that a role shows as a block of one colour. Neighbouring blocks differ in
      colour; far apart, colours repeat.
    </p>
    ${samplingNote(picture)}
    <div class="matrix" id="matrix-view">
      <div class="toolbar" role="group" aria-label="Picture">
        <button type="button" data-zoom="in" aria-label="Zoom in">+</button>
        <button type="button" data-zoom="out" aria-label="Zoom out">−</button>
        <button type="button" data-zoom="reset">Whole picture</button>
        <label class="grow"
          ><span>Show one role</span>
          <select id="matrix-role">
            <option value="">All roles</option>
          </select></label
        >
      </div>
      <div class="canvas-frame">
        <canvas
          id="matrix-canvas"
          tabindex="0"
          role="application"
          aria-roledescription="zoomable picture"
          aria-label="Matrix of ${count(users.length)} users and ${count(entitlements.length)} entitlements"
          aria-describedby="matrix-help"
        ></canvas>
        <div id="matrix-tip" class="tip" hidden></div>
      </div>
      <p id="matrix-status" class="status" role="status"></p>
      <ul class="legend">
        <li><i class="key key-block"></i>explained by a role</li>
        ${kept && html`<li><i class="key key-kept"></i>by a role that exists already</li>`}
        <li><i class="key key-direct"></i>direct: no role explains it (${count(direct)})</li>
        ${suspectedExtra.length > 0 && html`<li><i class="key key-extra"></i>looks like a mistake (${count(suspectedExtra.length)})</li>`}
        ${suspectedMissing.length > 0 && html`<li><i class="key key-missing"></i>looks forgotten (${count(suspectedMissing.length)})</li>`}
      </ul>
      <p id="matrix-help" class="note screen-only">
        Point at a dot to see who holds what and why. Drag to move, pinch or hold Ctrl and scroll to zoom. With the
        keyboard: arrow keys move a cursor (with Shift ten at a time), Page Up and Page Down go from block to block,
        plus and minus zoom, 0 shows the whole picture.
      </p>
      <noscript
        ><p class="note">
          The picture is drawn by a script in this file, which is switched off. All figures are in the tables below.
        </p></noscript
      >
    </div>
    ${largestBlocks(picture)}
    <script type="application/json" id="matrix-data">
      ${jsonForHtml(picture)}
    </script>`;
}

function samplingNote(picture: MatrixPicture): Html | null {
  const { users, userCount, holderCount, entitlements, entitlementCount, roles, roleCount } = picture;
  const sentences: string[] = [];
  if (users.length < holderCount) {
    const rest = picture.isSampled
      ? 'and of all others an even share from top to bottom, with members of small roles added'
      : 'and everybody else';
    const shownRoles =
      roles.length === roleCount ? 'All roles' : `${count(roles.length)} of ${counted(roleCount, 'role')}`;
    sentences.push(
      `Showing ${count(users.length)} of ${count(holderCount)} users, a stratified sample: some of those who have exactly the same ` +
        `access, ${rest}. Large groups look smaller than they are. ${shownRoles} appear in it.`,
    );
  }
  if (holderCount < userCount)
    sentences.push(`${counted(userCount - holderCount, 'user holds', 'users hold')} nothing.`);
  if (entitlements.length < entitlementCount) {
    sentences.push(
      `${counted(entitlementCount - entitlements.length, 'entitlement is', 'entitlements are')} held by nobody${users.length < holderCount ? ' shown' : ''}.`,
    );
  }
  return sentences.length === 0 ? null : html`<p class="note sampling">${sentences.join(' ')}</p>`;
}

function largestBlocks({ roles }: MatrixPicture): Html | null {
  const largest = roles
    .map((role, index) => ({ ...role, index, area: role.userCount * role.columns.length }))
    .sort((a, b) => b.area - a.area)
    .slice(0, NAMED_BLOCKS);
  if (largest.length === 0) return null;
  return html`<table class="blocks">
    <caption>
      The largest blocks
    </caption>
    <thead>
      <tr>
        <th scope="col">Role</th>
        <th scope="col" class="number">Users</th>
        <th scope="col" class="number">Entitlements</th>
      </tr>
    </thead>
    <tbody>
      ${largest.map(
        ({ name, colour, userCount, columns, index, isKept }) =>
          html`<tr>
            <th scope="row">
              <button type="button" class="link" data-show-role="${index}">
                <i class="key role-${isKept ? 'kept' : colour}"></i>${name}
              </button>
            </th>
            <td class="number">${count(userCount)}</td>
            <td class="number">${count(columns.length)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
