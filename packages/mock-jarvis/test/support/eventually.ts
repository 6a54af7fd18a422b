/** Looks again until it holds, at most two seconds; then the last error is the test's. */
export async function eventually(assertion: () => void | Promise<void>, withinMs = 2000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
