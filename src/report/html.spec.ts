import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, jsonForHtml } from './html.js';

describe('html', () => {
  it('escapes every value, in texts and in attributes', () => {
    const name = `</script><img src=x onerror="alert('1')">&`;
    expect(html`<p title="${name}">${name}</p>`.text).toBe(
      '<p title="&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">' +
        '&lt;/script&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</p>',
    );
  });

  it('puts pieces together, and nothing for null and false', () => {
    const items = ['a', 'b'].map((item) => html`<li>${item}</li>`);
    expect(html`<p>${items}${null}${false}${0}</p>`.text).toBe('<p><li>a</li><li>b</li>0</p>');
  });

  it('drops its own indentation and no character of a value', () => {
    const list = html`<ul>
      <li>${'a\n   b'}</li>
    </ul>`;
    expect(list.text).toBe('<ul>\n<li>a\n   b</li>\n</ul>');
  });

  it('never lets a value open a tag or end an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(html`${value}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });
});

describe('jsonForHtml', () => {
  it('is the same JSON, in which nothing looks like a tag', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text } = jsonForHtml([value, '</script><!--']);
        expect(text).not.toMatch(/[<>]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify([value, '</script><!--'])));
      }),
    );
  });
});
