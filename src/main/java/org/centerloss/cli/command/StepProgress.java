package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.centerloss.cli.Terminal;

/**
 * How far an epoch is: a bar with rate and remaining time on a terminal, a line now and then
 * elsewhere.
 */
final class StepProgress implements AutoCloseable {
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(10);

    private final PrintWriter err;
    private final ProgressBar bar;
    private final String task;
    private final int batch;
    private final int steps;
    private final int firstStep;
    private final Instant start = Instant.now();
    private Instant lastLine = start;

    StepProgress(PrintWriter err, String task, int batch, int stepsDone, int steps) {
        this.err = err;
        this.task = task;
        this.batch = batch;
        this.steps = steps;
        firstStep = stepsDone;
        bar =
                !Terminal.isInteractive()
                        ? null
                        : new ProgressBarBuilder()
                                .setTaskName(task)
                                .setStyle(ProgressBarStyle.ASCII)
                                .setUnit(" img", 1)
                                .startsFrom((long) stepsDone * batch, Duration.ZERO)
                                .setInitialMax((long) steps * batch)
                                .showSpeed()
                                .clearDisplayOnFinish()
                                .build();
    }

    /** So many of the epoch's steps are done. */
    void stepTo(int done) {
        if (bar != null) {
            bar.stepTo((long) done * batch);
            return;
        }
        Instant now = Instant.now();
        if (Duration.between(lastLine, now).compareTo(LINE_INTERVAL) >= 0) {
            lastLine = now;
            double seconds = Duration.between(start, now).toMillis() / 1000.0;
            double stepsPerSecond = (done - firstStep) / seconds;
            err.printf(
                    "%s: step %d of %d, %.0f images/s, %.0f s left%n",
                    task, done, steps, stepsPerSecond * batch, (steps - done) / stepsPerSecond);
            err.flush();
        }
    }

    /** Shows the loss beside the bar. */
    void showLoss(double loss) {
        if (bar != null) {
            bar.setExtraMessage(" loss %.3f".formatted(loss));
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
