package org.centerloss.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.centerloss.base.Columns;
import org.centerloss.base.Columns.Column;
import org.centerloss.bench.step.EpochBenchmark;
import org.centerloss.bench.step.PlannedStep;
import org.centerloss.bench.step.StepBenchmark;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.Version;
import org.centerloss.device.Device;

/** Shows what {@code bench step} measured: in detail, as a line for each batch size, as JSON. */
final class StepReport {
    private final PrintWriter out;
    private final Device device;
    private final Columns table;

    /**
     * @param epoch whether whole epochs are timed too
     */
    StepReport(PrintWriter out, Device device, boolean epoch) {
        this.out = out;
        this.device = device;
        table = table(epoch);
    }

    /** What precedes the figures, with column heads for {@link #line} if {@code columns}. */
    void head(boolean columns) {
        say("%s: %s", device.name(), device.description());
        say("times by the wall clock, the result read after every run");
        if (columns) {
            say("training and evaluation (eval): images/s and ms at the median time, MB of memory");
            say("%s", table.head());
        }
    }

    private static Columns table(boolean epoch) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.number("batch", 5));
        for (String what : List.of("train", "eval")) {
            columns.add(Column.number(what + " img/s", 8));
            columns.add(Column.number(what + " ms", 7));
            columns.add(Column.number(what + " MB", 7));
        }
        if (epoch) {
            columns.add(Column.number("epoch s", 7));
        }
        return Columns.fitting(Terminal.width(), columns, List.of("eval MB", "train MB"));
    }

    private void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }

    /** One batch size in detail. */
    void details(StepBenchmark.Result steps, EpochBenchmark.Result epoch) {
        details("training", steps.training());
        details("evaluation", steps.evaluation());
        if (epoch != null) {
            say(
                    "%-11s %8.1f images/s  %.1f s for %d training images, %.1f s with evaluation of"
                            + " %d test images and checkpoints",
                    "epoch",
                    trainingRate(steps, epoch),
                    epoch.trainingSeconds(),
                    epoch.trainImages(),
                    epoch.seconds(),
                    epoch.testImages());
        }
    }

    private void details(String what, StepBenchmark.Times times) {
        say(
                "%-11s %8.1f images/s  median %.1f ms  p20 %.1f ms  p80 %.1f ms  %.1f MB",
                what,
                times.imagesPerSecond(),
                1e3 * times.percentile(50),
                1e3 * times.percentile(20),
                1e3 * times.percentile(80),
                times.bytes() / 1e6);
    }

    /** One batch size of a sweep. */
    void line(StepBenchmark.Result steps, EpochBenchmark.Result epoch) {
        List<String> cells = new ArrayList<>();
        cells.add(String.valueOf(steps.training().batch()));
        for (StepBenchmark.Times times : List.of(steps.training(), steps.evaluation())) {
            cells.add(Columns.number(times.imagesPerSecond(), 1, 8));
            cells.add(Columns.number(1e3 * times.percentile(50), 2, 7));
            cells.add(Columns.number(times.bytes() / 1e6, 1, 7));
        }
        if (epoch != null) {
            cells.add(Columns.number(epoch.seconds(), 1, 7));
        }
        say("%s", table.line(cells));
    }

    /** One batch size as a line of JSON. */
    void json(PlannedStep.Setting setting, StepBenchmark.Result steps, EpochBenchmark.Result epoch)
            throws JsonProcessingException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("device", device.name());
        fields.put("description", device.description());
        fields.put("commit", Version.commit());
        fields.put("loss", setting.objective());
        fields.put("batch", setting.batch());
        fields.put("feat_dim", setting.features());
        fields.put("channels", setting.channels());
        fields.put("side", setting.height());
        fields.put("steps", steps.training().seconds().length);
        fields.put("train_images_per_s", rounded(steps.training().imagesPerSecond()));
        fields.put("eval_images_per_s", rounded(steps.evaluation().imagesPerSecond()));
        fields.put("train_bytes", steps.training().bytes());
        fields.put("eval_bytes", steps.evaluation().bytes());
        if (epoch != null) {
            fields.put("epoch_images", epoch.trainImages());
            fields.put("epoch_test_images", epoch.testImages());
            fields.put("epoch_training_s", epoch.trainingSeconds());
            fields.put("epoch_s", epoch.seconds());
        }
        out.println(new ObjectMapper().writeValueAsString(fields));
    }

    private static double trainingRate(StepBenchmark.Result steps, EpochBenchmark.Result epoch) {
        return epoch.steps() * (double) steps.training().batch() / epoch.trainingSeconds();
    }

    private static double rounded(double rate) {
        return Math.round(rate * 10) / 10.0;
    }
}
