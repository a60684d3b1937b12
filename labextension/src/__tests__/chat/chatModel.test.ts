import { describe, expect, it, vi } from 'vitest';

import { ChatModel } from '../../chat/chatModel';
import { FakeKernel, frame, header, turn, useFakeTime } from './fakePanel';

useFakeTime();

function inStep(): { kernel: FakeKernel; model: ChatModel } {
  const kernel = new FakeKernel();
  const model = new ChatModel(kernel);
  kernel.snapshot([turn({ status: 'running' })]);
  return { kernel, model };
}

function ids(model: ChatModel): string[] {
  return model.conversation?.turns.map(each => each.id) ?? [];
}

describe('following the kernel', () => {
  it('begins by asking for a snapshot, and shows nothing before it', () => {
    const kernel = new FakeKernel();
    const model = new ChatModel(kernel);
    expect(kernel.all('snapshot')).toHaveLength(1);
    expect(model.conversation).toBeNull();
    kernel.snapshot([turn()]);
    expect(ids(model)).toEqual(['t1']);
  });

  it('puts turns in their places, and takes them away', () => {
    const { kernel, model } = inStep();
    kernel.change({ type: 'turn', turn: turn({ id: 't0' }), index: 0 });
    kernel.change({ type: 'turn', turn: turn({ id: 't2' }), index: 2 });
    expect(ids(model)).toEqual(['t0', 't1', 't2']);
    kernel.change({ type: 'turn', turn: turn({ id: 't2' }), index: 1 });
    expect(ids(model)).toEqual(['t0', 't2', 't1']);
    kernel.change({ type: 'removed', id: 't2' });
    expect(ids(model)).toEqual(['t0', 't1']);
  });

  it('adds settled blocks of a frame behind those it names, and replaces the tail', () => {
    const { kernel, model } = inStep();
    kernel.change({ type: 'frame', id: 't1', from: 0, settled: ['a'], tail: 'b' });
    kernel.change({ type: 'frame', id: 't1', from: 1, settled: ['b', 'c'], tail: '' });
    expect(model.conversation?.turns[0]).toMatchObject({ blocks: ['a', 'b', 'c'], tail: '' });
  });

  it('takes over a new header', () => {
    const { kernel, model } = inStep();
    kernel.change({ type: 'header', header: header({ model: 'other' }) });
    expect(model.conversation?.header.model).toBe('other');
  });

  it('ignores a change that comes twice', () => {
    const { kernel, model } = inStep();
    const grew = { type: 'frame', id: 't1', from: 0, settled: ['a'], tail: '' } as const;
    kernel.change({ ...grew, settled: ['a'] });
    kernel.say({ ...grew, settled: ['a'], run: 'r1', seq: kernel.seq });
    expect(model.conversation?.turns[0]?.blocks).toEqual(['a']);
    expect(kernel.all('snapshot')).toHaveLength(1);
  });
});

describe('a gap', () => {
  it('asks for one snapshot however many changes follow, at most one a second', async () => {
    const { kernel } = inStep();
    kernel.seq += 1;
    for (let count = 0; count < 20; count++) {
      kernel.change({ type: 'header', header: header() });
    }
    expect(kernel.all('snapshot')).toHaveLength(1);
    await frame(999);
    expect(kernel.all('snapshot')).toHaveLength(1);
    await frame(1);
    expect(kernel.all('snapshot')).toHaveLength(2);
    kernel.change({ type: 'header', header: header() });
    await frame(5000);
    expect(kernel.all('snapshot')).toHaveLength(2);
  });

  it('holds later changes back until the snapshot comes, then applies what is newer than it', async () => {
    const { kernel, model } = inStep();
    kernel.seq += 1;
    kernel.change({ type: 'turn', turn: turn({ id: 't2' }), index: 1 });
    const seen = kernel.seq;
    kernel.change({ type: 'turn', turn: turn({ id: 't3' }), index: 2 });
    expect(ids(model)).toEqual(['t1']);
    await frame(1000);
    kernel.say({
      type: 'snapshot',
      re: kernel.last('snapshot')?.id ?? '',
      run: 'r1',
      seq: seen,
      turns: [turn(), turn({ id: 't2' })],
      header: header()
    });
    expect(ids(model)).toEqual(['t1', 't2', 't3']);
  });

  it('is also a frame whose beginning is unknown, and a new run of the kernel', async () => {
    const { kernel, model } = inStep();
    await frame(2000);
    kernel.change({ type: 'frame', id: 't1', from: 4, settled: ['e'], tail: '' });
    expect(kernel.all('snapshot')).toHaveLength(2);
    kernel.snapshot([turn()]);
    await frame(2000);
    kernel.say({ type: 'removed', id: 't1', run: 'r2', seq: 1 });
    expect(kernel.all('snapshot')).toHaveLength(3);
    expect(ids(model)).toEqual(['t1']);
  });

  it('asks again with the next change when the snapshot was lost', async () => {
    const { kernel } = inStep();
    kernel.seq += 1;
    kernel.change({ type: 'header', header: header() });
    await frame(12_000);
    expect(kernel.all('snapshot')).toHaveLength(2);
    kernel.change({ type: 'header', header: header() });
    expect(kernel.all('snapshot')).toHaveLength(3);
  });

  it('is over with the snapshot of a new run, whatever was held of the old one', async () => {
    const { kernel, model } = inStep();
    kernel.seq += 1;
    kernel.change({ type: 'header', header: header() });
    await frame(1000);
    const re = kernel.last('snapshot')?.id ?? '';
    kernel.say({ type: 'snapshot', re, run: 'r2', seq: 7, turns: [], header: header() });
    await frame(5000);
    expect(kernel.all('snapshot')).toHaveLength(2);
    kernel.say({ type: 'turn', turn: turn({ id: 't9' }), index: 0, run: 'r2', seq: 8 });
    expect(ids(model)).toEqual(['t9']);
  });

  it('ends with the snapshot that another view asked for', async () => {
    const { kernel, model } = inStep();
    kernel.seq += 1;
    kernel.change({ type: 'header', header: header() });
    kernel.say({
      type: 'snapshot',
      re: 'another view',
      run: 'r1',
      seq: kernel.seq,
      turns: [],
      header: header()
    });
    kernel.change({ type: 'turn', turn: turn({ id: 't9' }), index: 0 });
    expect(ids(model)).toEqual(['t9']);
  });

  it('is not made by a snapshot that is older than what is known', () => {
    const { kernel, model } = inStep();
    kernel.change({ type: 'turn', turn: turn({ id: 't2' }), index: 1 });
    kernel.say({ type: 'snapshot', run: 'r1', seq: 0, turns: [], header: header() });
    expect(ids(model)).toEqual(['t1', 't2']);
  });
});

describe('requests', () => {
  it('are matched with their replies by id; others, and second ones, are ignored', async () => {
    const { kernel, model } = inStep();
    const one = model.request('markdown', { turn: 't1' });
    const first = kernel.last('markdown')?.id ?? '';
    const two = model.request('markdown', { turn: 't2' });
    kernel.say({ type: 'markdown', re: 'not ours', text: 'x' });
    kernel.reply('markdown', { type: 'markdown', text: 'two' });
    kernel.say({ type: 'markdown', re: first, text: 'one' });
    kernel.say({ type: 'markdown', re: first, text: 'again' });
    await expect(one).resolves.toMatchObject({ text: 'one' });
    await expect(two).resolves.toMatchObject({ text: 'two' });
  });

  it('fail with the kernel’s fault', async () => {
    const { kernel, model } = inStep();
    const asked = model.request('ask', { prompt: '' });
    kernel.refuse('ask', { code: 'CommandError', what: 'The question is empty.', hint: 'Type.' });
    await expect(asked).rejects.toMatchObject({
      code: 'CommandError',
      what: 'The question is empty.',
      hint: 'Type.'
    });
  });

  it('fail after the time limit, and tell when they were done after all', async () => {
    const { kernel, model } = inStep();
    const late = vi.fn();
    const asked = model.request('ask', { prompt: 'x' }, { late });
    const failed = expect(asked).rejects.toMatchObject({ code: 'NoAnswer' });
    await frame(10_000);
    await failed;
    kernel.reply('ask', { type: 'done' });
    kernel.reply('ask', { type: 'done' });
    expect(late).toHaveBeenCalledTimes(1);
  });

  it('leave no timer and no listener behind', () => {
    const { kernel, model } = inStep();
    void model.request('ask', { prompt: 'x' });
    kernel.seq += 1;
    kernel.change({ type: 'header', header: header() });
    model.dispose();
    expect(vi.getTimerCount()).toBe(0);
    expect(kernel.listeners.size).toBe(0);
  });
});
