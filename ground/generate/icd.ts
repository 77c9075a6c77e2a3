/** An interface control document, for people: Markdown, and one page for screens and paper with each layout drawn bit by bit. */
import { htmlOf } from "./document/html.js";
import { markdownOf } from "./document/markdown.js";
import { type Generator, SIMULATE } from "./generator.js";
import { contentOf, titleOf } from "./icd/content.js";

const readmeFile = (simulate: string) => `# Interface control document

\`icd.html\` is one page with everything in it: open it in a browser, search it, print it on A4. \`icd.md\` has the same text and tables without
the figures, for a wiki or for a comparison of two versions.

From nothing to the first value:

1. \`${simulate}\` runs the board in the simulator, in the folder where this one was generated.
2. \`npx flatlink tail --count 1 --json\`, with the same board and settings, prints a packet.
3. Open \`icd.html\` here, and compare the two.
`;

export const ICD_GENERATOR: Generator = {
  name: "icd",
  help: "an interface control document to read and print: Markdown, and a page with layouts drawn bit by bit",
  generate(board, simulate = SIMULATE) {
    const content = contentOf(board);
    return [
      { path: "icd.md", text: markdownOf(content) },
      { path: "icd.html", text: htmlOf(titleOf(board), content) },
      { path: "README.md", text: readmeFile(simulate) },
    ];
  },
};
