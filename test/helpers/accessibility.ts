import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds in a page that is serious or critical, a line for each rule with the first elements it names. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated through the debugger, so that the page's own policy stays in force.
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html)
          .join(' | ')}`,
    );
}
