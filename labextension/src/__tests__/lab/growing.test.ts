import { describe, expect, test } from 'vitest';

import { grow } from '../../growing';

/** An element that is drawn anew by each HTML, as an output is. */
class Drawn {
  readonly node = document.createElement('div');
  #before: DocumentFragment = document.createDocumentFragment();

  draw(html: string): Node[] {
    const page = document.createElement('template');
    page.innerHTML = html;
    const added = grow(this.node, this.#before, page.content);
    this.#before = page.content;
    return added;
  }

  one(selector: string): Element {
    const found = this.node.querySelector(selector);
    if (!found) {
      throw new Error(`there is no ${selector} in ${this.node.innerHTML}`);
    }
    return found;
  }
}

const math = (tex: string) => `<span class="mibyan-math" dir="ltr">\\(${tex}\\)</span>`;

/** What MathJax does to a formula. */
function typeset(drawn: Drawn): void {
  for (const formula of drawn.node.querySelectorAll('.mibyan-math')) {
    formula.replaceChildren(document.createElement('mjx-container'));
  }
}

describe('an answer that grows', () => {
  test.each([
    [['<div><p>A</p></div>', '<div><p>A</p><p>B</p></div>', '<div><p>A</p><p>Bc</p></div>']],
    [['<p>a <em>b</em></p>', '<p>a <em>b c</em> d</p>', '<p>a <em>b c</em> d</p><ul><li>1</li></ul>']],
    [['<p>| a |</p>', '<table><tr><td>a</td></tr></table>', '<table><tr><td>a</td></tr><tr></tr></table>']],
    [['<p class="x">A</p>', '<p class="y">A</p>', '<p>A</p>', '']],
    [['<pre><span>1</span> 2</pre>', '<pre><span>1</span> <b>2</b></pre>', '<pre></pre>', 'text', 'text & more']],
    [['<ol><li>a<ul><li>b</li></ul></li></ol>', '<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>']],
    [['one', 'two', '<!-- no text --><p>three</p>', '<p>three</p>']]
  ])('is in each frame what its HTML says: %j', frames => {
    const drawn = new Drawn();
    for (const html of frames) {
      drawn.draw(html);
      const fresh = document.createElement('div');
      fresh.innerHTML = html;
      expect(drawn.node.innerHTML).toBe(fresh.innerHTML);
    }
  });

  test('keeps what stands there, and tells what is new', () => {
    const drawn = new Drawn();
    drawn.draw('<div><p>One.</p><ul><li>a</li></ul></div>');
    const [paragraph, item] = [drawn.one('p'), drawn.one('li')];
    const added = drawn.draw('<div><p>One.</p><ul><li>a</li><li>b</li></ul><p>Two.</p></div>');
    expect([drawn.one('p'), drawn.one('li')]).toEqual([paragraph, item]);
    expect(drawn.one('p')).toBe(paragraph);
    expect(added.map(node => node.textContent)).toEqual(['b', 'Two.']);
    expect(drawn.draw('<div><p>One.</p><ul><li>a</li><li>b</li></ul><p>Two.</p></div>')).toEqual([]);
  });

  test('keeps a selection in text that goes on', () => {
    const drawn = new Drawn();
    document.body.append(drawn.node);
    drawn.draw('<p>The median</p>');
    const text = drawn.one('p').firstChild as Text;
    getSelection()?.setBaseAndExtent(text, 4, text, 10);
    drawn.draw('<p>The median is robust</p>');
    expect(getSelection()?.toString()).toBe('median');
    drawn.node.remove();
  });

  test('keeps typeset formulas, and draws one anew whose source is another', () => {
    const drawn = new Drawn();
    drawn.draw(`<p>As ${math('x')} and ${math('y')}</p>`);
    typeset(drawn);
    const [first, second] = drawn.node.querySelectorAll('.mibyan-math');
    const added = drawn.draw(`<p>As ${math('x')} and ${math('y^2')} too</p>`);
    expect(drawn.one('.mibyan-math')).toBe(first);
    expect(drawn.node.querySelectorAll('mjx-container')).toHaveLength(1);
    expect(drawn.node.contains(second ?? null)).toBe(false);
    expect(added.map(node => node.textContent)).toEqual(['\\(y^2\\)', ' too']);
  });

  test('is drawn anew where somebody else changed it', () => {
    const drawn = new Drawn();
    drawn.draw('<p>The median of it</p><p>Then</p>');
    const marked = drawn.one('p').firstChild as Text;
    marked.splitText(4);
    drawn.draw('<p>The median of it</p><p>Then more</p>');
    expect(drawn.node.textContent).toBe('The median of itThen more');
    drawn.node.append('left by a stranger');
    drawn.draw('<p>The median of it</p><p>Then more and more</p>');
    expect(drawn.node.textContent).toBe('The median of itThen more and more');
  });

  test('is drawn anew where a part that goes on was split', () => {
    const drawn = new Drawn();
    drawn.draw('<p>The median</p>');
    (drawn.one('p').firstChild as Text).splitText(4);
    drawn.draw('<p>The median is robust</p>');
    expect(drawn.node.textContent).toBe('The median is robust');
  });
});
