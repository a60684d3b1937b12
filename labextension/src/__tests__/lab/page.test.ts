import { expect, test } from 'vitest';

import type { NotebookPanel } from '@jupyterlab/notebook';

import type { IRequest } from '../../chat/protocol';
import { tellPage, tellPageInQueue, withPage } from '../../page';
import type { IPage } from '../../page';
import { FakeKernel } from './fakeKernel';

class FakeNotebook {
  readonly kernel = new FakeKernel();
  texts: Record<string, string> = { a: 'x = 1', b: 'y = x' };
  order = ['a', 'b'];

  get panel(): NotebookPanel {
    const cell = (id: string) => ({
      model: { id, type: 'code', sharedModel: { getSource: () => this.texts[id] } }
    });
    const prose = { model: { id: 'm', type: 'markdown' } };
    return {
      sessionContext: { session: { kernel: this.kernel.connection } },
      content: { widgets: [prose, ...this.order.map(cell)] }
    } as unknown as NotebookPanel;
  }

  /** What its kernel was told, and asked. */
  get told(): unknown[] {
    return this.kernel.futures.map(({ request }) => {
      const { at, ...page } = request as unknown as IPage;
      expect(Date.now() - at).toBeLessThan(60_000);
      return page;
    });
  }
}

test('the kernel is told the order, and each text once', () => {
  const notebook = new FakeNotebook();
  tellPage(notebook.panel);
  notebook.texts['b'] = 'y = 2 * x';
  notebook.order = ['b', 'a'];
  tellPage(notebook.panel);
  tellPage(notebook.panel);
  const expected: Omit<IPage, 'at'>[] = [
    { order: ['a', 'b'], texts: { a: 'x = 1', b: 'y = x' } },
    { order: ['b', 'a'], texts: { b: 'y = 2 * x' } },
    { order: ['b', 'a'], texts: {} }
  ];
  expect(notebook.told).toEqual(expected);
});

test('a cell finds the page ahead of it in its queue', () => {
  const notebook = new FakeNotebook();
  tellPageInQueue(notebook.panel);
  tellPage(notebook.panel);
  expect(notebook.kernel.futures.map(future => future.channel)).toEqual(['shell', 'control']);
  expect(notebook.told[1]).toEqual({ order: ['a', 'b'], texts: {} });
});

test('a kernel that loads the extension anew is told everything again', () => {
  const notebook = new FakeNotebook();
  tellPage(notebook.panel);
  notebook.kernel.say({ type: 'hello' });
  tellPage(notebook.panel);
  expect(notebook.told[1]).toEqual(notebook.told[0]);
});

test('the page goes ahead of a question, and of nothing else', () => {
  const notebook = new FakeNotebook();
  const sent: string[] = [];
  const transport = withPage(
    {
      send: ({ op }: IRequest) => sent.push(`${op} after ${notebook.told.length}`),
      onMessage: () => () => undefined
    },
    notebook.panel
  );
  transport.send({ id: '1', op: 'snapshot', args: {} });
  transport.send({ id: '2', op: 'ask', args: { prompt: 'Why?' } });
  expect(sent).toEqual(['snapshot after 0', 'ask after 1']);
});
