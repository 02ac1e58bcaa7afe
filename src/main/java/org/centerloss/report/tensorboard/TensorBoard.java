package org.centerloss.report.tensorboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.evaluate.CenterKind;
import org.centerloss.format.CsvTable;
import org.centerloss.format.StrictJson;
import org.centerloss.loss.Objective;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.picture.RunPictures;
import org.centerloss.report.picture.Snapshot;
import org.centerloss.report.picture.Snapshots;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;
import org.centerloss.train.EpochResult;
import org.centerloss.train.TrainingConfig;
import org.centerloss.train.TrainingListener;

/**
 * The folder {@code tensorboard} of a run: an event file for each process that trained, and the
 * files of the {@link Projector}.
 *
 * <p>The step of every event counts from the start of the run, so that all curves have one axis:
 * each reading of the loss stands at its step, what is known of an epoch at the epoch's last one,
 * and the pictures of the whole run after all. A resumed run starts a new file, which takes back
 * what earlier ones tell of the steps that are made again. What was measured where {@code
 * --max-steps} cut an epoch short stays.
 */
public final class TensorBoard implements TrainingListener, AutoCloseable {
    /** TensorBoard shows so many images of a tag; later epochs are drawn more rarely. */
    private static final int SHOWN_IMAGES = 10;

    private final Path run;
    private final Path folder;
    private final TrainingConfig config;
    private final Dataset dataset;
    private final List<Objective.Term> terms;
    private EventFile events;

    /**
     * @param run the run's directory, with its {@code config.json}
     * @throws InputException if the folder cannot be made
     */
    public TensorBoard(Path run, TrainingConfig config, Dataset dataset) {
        this.run = run;
        this.config = config;
        this.dataset = dataset;
        terms = config.objective().terms();
        folder = run.resolve("tensorboard");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be made: " + InputException.reason(e), e);
        }
    }

    @Override
    public void epochStarted(int epoch, int stepsDone, int steps) {
        if (events != null) {
            return;
        }
        long done = (epoch - 1L) * steps + stepsDone;
        boolean evaluates =
                stepsDone == steps || config.maxSteps() > 0 && done >= config.maxSteps();
        if (evaluates) {
            // A process that died may have told of this epoch at its last step.
            start(done);
            retellReading(done);
        } else {
            start(done + 1);
        }
    }

    private void start(long firstStep) {
        events = new EventFile(folder, firstStep);
        events.text(firstStep, "configuration", table(run.resolve("config.json")));
    }

    /** Tells again what was read of the loss at a step, if it was. */
    private void retellReading(long step) {
        CsvTable readings = CsvTable.read(run.resolve("steps.csv"));
        int last = readings.rows() - 1;
        if (last >= 0 && number(readings, last, "step") == step) {
            double[] values =
                    terms.stream().mapToDouble(t -> number(readings, last, t.name())).toArray();
            lossRead(step, number(readings, last, "loss"), values);
        }
    }

    private static double number(CsvTable table, int row, String column) {
        return table.number(row, column, "a number", value -> true);
    }

    /** The settings as a table in Markdown. */
    private static String table(Path config) {
        StringBuilder table = new StringBuilder("| setting | value |\n|---|---|\n");
        addRows(table, "", StrictJson.tree(config));
        return table.toString();
    }

    private static void addRows(StringBuilder table, String name, JsonNode value) {
        if (value.isObject()) {
            String prefix = name.isEmpty() ? "" : name + ".";
            value.properties()
                    .forEach(entry -> addRows(table, prefix + entry.getKey(), entry.getValue()));
        } else {
            String text = value.isArray() ? value.toString() : value.asText();
            table.append("| ").append(name).append(" | ");
            table.append(text.replace("|", "\\|")).append(" |\n");
        }
    }

    @Override
    public void lossRead(long step, double loss, double[] values) {
        events.scalars(step, losses("loss/", loss, values));
    }

    @Override
    public void epochFinished(EpochResult result) {
        Map<String, Double> values = losses("epoch_loss/", result.loss(), result.terms());
        values.put("epoch", (double) result.epoch());
        values.put("accuracy/train", result.trainAccuracy());
        String accuracy = "accuracy/" + result.part().adjective();
        values.put(accuracy, result.evaluation().accuracy());
        values.put(
                accuracy
                        + (result.otherKind() == CenterKind.MEANS
                                ? "_by_sample_means"
                                : "_by_trained_centers"),
                result.otherAccuracy());
        values.put("accuracy/gap", result.accuracyGap());
        values.put("learning_rate", result.learningRate());
        values.put("images_per_second", result.imagesPerSecond());
        events.scalars(result.step(), values);
        if (result.evaluated().dimension() == 2
                && (result.epoch() <= SHOWN_IMAGES || result.epoch() % SHOWN_IMAGES == 0)) {
            features(result).ifPresent(picture -> events.image(result.step(), "features", picture));
        }
    }

    private Optional<Picture> features(EpochResult result) {
        RunResults results = RunResults.read(run);
        try {
            Snapshot snapshot = Snapshot.of(result, dataset.classes());
            return RunPictures.featuresOf(snapshot, results, Theme.LIGHT);
        } catch (InputException e) {
            // Without fonts there are no pictures; whoever draws those of the whole run says so.
            return Optional.empty();
        }
    }

    /**
     * Adds the pictures of a run that has ended. They stand one step after its last, so that they
     * can be taken back alone: when they are shown again, or the run goes on.
     */
    public void show(long lastStep, List<Picture> pictures) {
        long step = lastStep + 1;
        if (events == null) {
            start(step);
        }
        pictures.forEach(one -> events.image(step, "pictures/" + one.fileName(), one));
    }

    private Map<String, Double> losses(String group, double total, double[] values) {
        Map<String, Double> losses = new LinkedHashMap<>();
        losses.put(group + "total", total);
        for (int i = 0; i < values.length; i++) {
            losses.put(group + terms.get(i).name(), values[i]);
        }
        return losses;
    }

    /** Writes the projector's files for the best epoch of the run, and ends the event file. */
    @Override
    public void close() {
        if (events != null) {
            events.close();
        }
        Snapshots.best(run)
                .ifPresent(
                        best ->
                                Projector.write(
                                        folder,
                                        best,
                                        dataset.images(dataset.chosenBy()),
                                        config.seed()));
    }
}
