/** Prints `N passed, N failed, N skipped` as the very last line, whatever else was printed before. */
class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const broken = results.numRuntimeErrorTestSuites;
    const line = `${results.numPassedTests} passed, ${results.numFailedTests + broken} failed, ${results.numPendingTests + results.numTodoTests} skipped`;
    process.stderr.write('');
    setImmediate(() => process.stdout.write(`\n${line}\n`));
  }
}
module.exports = ClosingLineReporter;
