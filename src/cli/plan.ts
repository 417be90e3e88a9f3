import type { Command } from 'commander';
import { discardPlan, listPlans, planListText } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';

/** `veneer plan list|show|diff|discard`. */
export function addPlan(program: Command): void {
  const plan = program.command('plan').description('what previews kept, to be applied or forgotten');
  addList(plan);
  addDiscard(plan);
}

function addList(plan: Command): void {
  plan
    .command('list')
    .description('show the plans there are, and which of them can still be applied')
    .addHelpText('after', examples('veneer plan list', 'veneer plan list --json | jq -r ".result[].id"'))
    .action((_options, command: Command) =>
      answer(command, (context) => {
        const plans = listPlans(context.openSysroot());
        return { result: plans, text: (view) => planListText(plans, view) };
      }),
    );
}

function addDiscard(plan: Command): void {
  plan
    .command('discard')
    .description('forget plans')
    .argument('<plans...>', 'ids of plans, or how they begin')
    .addHelpText('after', examples('veneer plan discard p3fa9c1'))
    .action((refs: string[], _options, command: Command) =>
      answer(command, async (context) => {
        const sysroot = context.openSysroot();
        const discarded: string[] = [];
        for (const ref of refs) discarded.push(await discardPlan(sysroot, ref, context.run));
        return { result: { discarded }, text: () => `discarded ${discarded.join(', ')}` };
      }),
    );
}
