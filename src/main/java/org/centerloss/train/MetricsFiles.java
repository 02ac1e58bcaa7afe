package org.centerloss.train;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.InputException;
import org.centerloss.base.SpreadsheetCell;
import org.centerloss.data.Part;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.loss.Objective;

/**
 * The CSV files of a run. Records are only ever appended, but for those that a resumed run redoes.
 */
final class MetricsFiles {
    /** With more classes than this, distances between centers are not written pair by pair. */
    private static final int MOST_CLASSES_IN_PAIRS = 100;

    /** More than any, so that a file without an end does not fill the memory. */
    private static final int MOST_BYTES_OF_A_RECORD = 16 << 20;

    private final Path epochs;
    private final Path classes;
    private final Path steps;
    private final Path profile;
    private List<Objective.Term> terms;

    MetricsFiles(Path run) {
        epochs = run.resolve("metrics.csv");
        classes = run.resolve("classes.csv");
        steps = run.resolve("steps.csv");
        profile = run.resolve("profile.csv");
    }

    /**
     * Writes the headers of files that are new.
     *
     * @param part what the run chooses by
     * @param otherCenters see {@link TrainingConfig#otherCenters}
     */
    void start(List<Objective.Term> objective, Part part, CenterKind otherCenters) {
        terms = objective;
        StringJoiner names = new StringJoiner(",");
        terms.forEach(term -> names.add(term.name()));
        writeHeader(
                epochs,
                "epoch,step,learning_rate,loss,%s,train_accuracy,%s,%s,accuracy_gap,images_per_second"
                        .formatted(
                                names,
                                EpochResult.accuracyColumn(part),
                                EpochResult.otherAccuracyColumn(part, otherCenters)));
        writeHeader(classes, "epoch,metric,class,other_class,value");
        writeHeader(steps, "step,epoch,learning_rate,loss," + names);
    }

    private static void writeHeader(Path file, String header) {
        // A process that died may have left an empty file.
        if (file.toFile().length() == 0) {
            append(file, header + "\n");
        }
    }

    /** A line with the columns that the file has: a run of an older version may have fewer. */
    private static String line(Path file, Map<String, Object> values) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            return Stream.of(reader.readLine().split(","))
                    .map(column -> String.valueOf(values.get(column)))
                    .collect(Collectors.joining(",", "", "\n"));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    void appendSteps(TrainState progress, double learningRate, double loss, double[] terms) {
        StringBuilder line = new StringBuilder();
        line.append(progress.step()).append(',').append(progress.epoch()).append(',');
        line.append(learningRate).append(',').append(loss);
        for (double term : terms) {
            line.append(',').append(term);
        }
        append(steps, line.append('\n').toString());
    }

    void appendEpoch(EpochResult result, List<String> classNames) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("epoch", result.epoch());
        values.put("step", result.step());
        values.put("learning_rate", result.learningRate());
        values.put("loss", result.loss());
        for (int i = 0; i < terms.size(); i++) {
            values.put(terms.get(i).name(), result.terms()[i]);
        }
        values.put("train_accuracy", result.trainAccuracy());
        values.put(EpochResult.accuracyColumn(result.part()), result.evaluation().accuracy());
        values.put(
                EpochResult.otherAccuracyColumn(result.part(), result.otherKind()),
                result.otherAccuracy());
        values.put("accuracy_gap", result.accuracyGap());
        values.put("images_per_second", result.imagesPerSecond());
        append(epochs, line(epochs, values));
        append(classes, classLines(result, classNames));
    }

    void appendProfile(int epoch, Map<Profile.Phase, Double> seconds) {
        writeHeader(profile, "epoch,phase,seconds,share");
        double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        StringBuilder lines = new StringBuilder();
        seconds.forEach(
                (phase, time) -> {
                    lines.append(epoch).append(',').append(phase.key()).append(',');
                    lines.append(time).append(',').append(time / total).append('\n');
                });
        append(profile, lines.toString());
    }

    private static String classLines(EpochResult result, List<String> names) {
        StringBuilder lines = new StringBuilder();
        Evaluation evaluation = result.evaluation();
        for (int c = 0; c < names.size(); c++) {
            String own = quoted(names.get(c)) + ",";
            add(lines, result.epoch(), "accuracy", own, evaluation.accuracy(c));
            add(lines, result.epoch(), "intra_distance_mean", own, evaluation.intraMean()[c]);
            add(
                    lines,
                    result.epoch(),
                    "intra_distance_deviation",
                    own,
                    evaluation.intraDeviation()[c]);
        }
        if (names.size() <= MOST_CLASSES_IN_PAIRS) {
            for (int a = 0; a < names.size(); a++) {
                for (int b = a + 1; b < names.size(); b++) {
                    String pair = quoted(names.get(a)) + "," + quoted(names.get(b));
                    add(
                            lines,
                            result.epoch(),
                            "center_distance",
                            pair,
                            evaluation.centerDistance(a, b));
                }
            }
        }
        return lines.toString();
    }

    private static void add(
            StringBuilder lines, int epoch, String metric, String classes, double value) {
        lines.append(epoch).append(',').append(metric).append(',').append(classes);
        lines.append(',').append(value).append('\n');
    }

    private static String quoted(String name) {
        String cell = SpreadsheetCell.of(name);
        return cell.matches("[^,\"\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    void dropAfter(TrainState progress) {
        keep(epochs, line -> number(line) < progress.epoch());
        keep(classes, line -> number(line) < progress.epoch());
        keep(steps, line -> number(line) <= progress.step() - progress.interval().steps());
        keep(profile, line -> number(line) < progress.epoch());
    }

    /** The number in the first column; what has none counts as beyond every other. */
    private static long number(String record) {
        String first = record.substring(0, Math.max(0, record.indexOf(',')));
        return first.matches("\\d{1,18}") ? Long.parseLong(first) : Long.MAX_VALUE;
    }

    private static void keep(Path file, Predicate<String> wanted) {
        if (Files.exists(file)) {
            AtomicFile.write(
                    file,
                    out -> {
                        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                            copy(in, out, wanted);
                        }
                    });
        }
    }

    /**
     * Copies the header and the records that are wanted. A line break between quotes belongs to a
     * class's name. A record without its end was cut off by a crash, and is none.
     */
    private static void copy(InputStream in, OutputStream out, Predicate<String> wanted)
            throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        boolean quoted = false;
        boolean header = true;
        for (int next = in.read(); next >= 0; next = in.read()) {
            record.write(next);
            quoted ^= next == '"';
            if (next == '\n' && !quoted) {
                // A byte is a character, so that damaged records are no trouble.
                if (header || wanted.test(record.toString(StandardCharsets.ISO_8859_1))) {
                    record.writeTo(out);
                }
                record.reset();
                header = false;
            } else if (record.size() > MOST_BYTES_OF_A_RECORD) {
                throw new IOException(
                        "expected records of at most %d bytes, found a longer one"
                                .formatted(MOST_BYTES_OF_A_RECORD));
            }
        }
    }

    /** Cuts off a last line without its end: a process died while it wrote it. */
    static void dropUnfinishedLine(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer piece = ByteBuffer.allocate(1 << 16);
            long end = channel.size();
            while (end > 0) {
                long begin = Math.max(0, end - piece.capacity());
                piece.clear().limit((int) (end - begin));
                while (piece.hasRemaining() && channel.read(piece, begin + piece.position()) > 0) {
                    // A read may give less than was asked for.
                }
                int last = piece.position() - 1;
                while (last >= 0 && piece.get(last) != '\n') {
                    last--;
                }
                if (last >= 0) {
                    channel.truncate(begin + last + 1);
                    return;
                }
                end = begin;
            }
            channel.truncate(0);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    static InputException failure(Path file, IOException e) {
        return new InputException(
                "%s: cannot be written: %s".formatted(file, InputException.reason(e)), e);
    }
}
