/** Repeats the assertion until it passes; after two seconds by default, throws its last error. */
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
