import type { Command } from 'commander';
import { discardPlan, findPlan, listPlans, planListText, reportDifference, reportPlan } from '../index.js';
import { answer } from './answer.js';
import { examples } from './examples.js';
import { addReportOptions, answerReport, checkReportOptions, type ReportOptions } from './preview.js';

/** `veneer plan list|show|diff|discard`. */
export function addPlan(program: Command): void {
  const plan = program.command('plan').description('what previews kept, to be applied or forgotten');
  addList(plan);
  addShow(plan);
  addDifference(plan);
  addDiscard(plan);
}

function addShow(plan: Command): void {
  const command = plan
    .command('show')
    .description('show what a plan would change, as its preview did')
    .argument('<plan>', 'the id of a plan, or how it begins')
    .addHelpText(
      'after',
      examples('veneer plan show p3fa9c1 --files', 'veneer plan show p3f --html report.html'),
    )
    .action((ref: string, options: ReportOptions, self: Command) =>
      answer(self, async (context) => {
        checkReportOptions(options);
        const sysroot = context.openSysroot();
        const found = findPlan(sysroot, ref);
        const shown = answerReport(await reportPlan(sysroot, found), options);
        return { ...shown, result: { plan: found, ...shown.result } };
      }),
    );
  addReportOptions(command);
}

function addDifference(plan: Command): void {
  const command = plan
    .command('diff')
    .description('show what differs between two plans, deployments or bases, as a preview does')
    .argument('<a>', 'a plan, a deployment or a base')
    .argument('<b>', 'another')
    .addHelpText('after', examples('veneer plan diff p3fa9c1 p77b0e2', 'veneer plan diff current p3fa9c1'))
    .action((a: string, b: string, options: ReportOptions, self: Command) =>
      answer(self, async (context) => {
        checkReportOptions(options);
        return answerReport(await reportDifference(context.openSysroot(), a, b), options);
      }),
    );
  addReportOptions(command);
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
