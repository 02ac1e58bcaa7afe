package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.centerloss.cli.Terminal;
import org.centerloss.data.fetch.FetchListener;

/** How far a download is: a bar on a terminal, a line now and then elsewhere. */
public final class FetchProgress implements FetchListener {
    private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);

    private final PrintWriter err;
    private String file;
    private long first;
    private long total;
    private Instant start;
    private Instant lastLine;
    private ProgressBar bar;

    public FetchProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void started(String newFile, String place, long have, long newTotal) {
        file = newFile;
        first = have;
        total = newTotal;
        start = Instant.now();
        lastLine = start;
        err.printf(
                "%s: %sfrom %s%s%n",
                file,
                total < 0 ? "" : size(total) + " ",
                place,
                have > 0 ? ", going on after " + size(have) : "");
        if (Terminal.isInteractive()) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName(file)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUnit(" MB", 1_000_000)
                            .startsFrom(have, Duration.ZERO)
                            .setInitialMax(total)
                            .showSpeed()
                            .clearDisplayOnFinish()
                            .build();
        }
    }

    @Override
    public void received(long bytes) {
        if (bar != null) {
            bar.stepTo(bytes);
            return;
        }
        Instant now = Instant.now();
        if (Duration.between(lastLine, now).compareTo(LINE_INTERVAL) >= 0) {
            lastLine = now;
            double seconds = Duration.between(start, now).toMillis() / 1000.0;
            double rate = (bytes - first) / seconds;
            err.printf(
                    Locale.ROOT,
                    "%s: %s%s, %s/s%s%n",
                    file,
                    size(bytes),
                    total < 0 ? "" : " of " + size(total),
                    size(rate),
                    total < 0 ? "" : ", %.0f s left".formatted((total - bytes) / rate));
            err.flush();
        }
    }

    @Override
    public void ended() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    @Override
    public void notice(String line) {
        err.println("centerloss: note: " + line);
    }

    private static String size(double bytes) {
        return String.format(
                Locale.ROOT,
                bytes < 1e6 ? "%.0f kB" : "%.1f MB",
                bytes < 1e6 ? Math.ceil(bytes / 1e3) : bytes / 1e6);
    }
}
