// The worker of the page that looks for passages in a reader's document: reads a PDF, grades, tells how far it is.
// It loads its modules and the passages first; nothing of the document goes anywhere.
let grade = null;
let documents = null;
let pdf = null;

addEventListener("message", async ({ data }) => {
  try {
    if (data.root) {
      ({ grade } = await import(`${data.root}assets/verifying.js`));
      documents = await import(`${data.root}assets/documents.js`);
      postMessage({ stage: "ready" });
      return;
    }
    if (data.bytes && !pdf) {
      await import(`${data.engine}pdf.worker.js`);
      pdf = await import(`${data.engine}pdf.js`);
    }
    const text = data.text ?? await documents.ofPdf(pdf, data.bytes, (page, pages) => postMessage({ stage: "page", page, pages }));
    if (!/[\p{L}\p{N}]/u.test(text)) { postMessage({ stage: "empty" }); return; }
    const graded = data.texts.map(({ id, passages }) => ({ id, passages: grade(passages, text) }));
    postMessage({ stage: "graded", graded });
  } catch (error) {
    postMessage({ stage: "fault", name: error?.name, message: String(error?.message ?? error) });
  }
});
