package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.centerloss.base.InputException;
import org.centerloss.base.NameList;
import org.centerloss.base.Printable;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.table.TrainingTable;
import org.centerloss.data.Dataset;
import org.centerloss.data.ImageSet;
import org.centerloss.data.Part;
import org.centerloss.device.Device;
import org.centerloss.report.page.RunReport;
import org.centerloss.report.theme.Picture;
import org.centerloss.train.Accuracies;
import org.centerloss.train.EpochResult;
import org.centerloss.train.FinalResult;
import org.centerloss.train.Profile;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.TrainState;
import org.centerloss.train.Trainer;
import org.centerloss.train.TrainingConfig;
import org.centerloss.train.TrainingListener;

/**
 * Shows a run to a person: a table line per epoch on standard output, progress on standard error.
 */
final class TrainingConsole implements TrainingListener, AutoCloseable {
    private final PrintWriter out;
    private final PrintWriter err;
    private final RunDirectory run;
    private final TrainingConfig config;
    private final Dataset dataset;
    private final Device device;
    private final long start = System.nanoTime();
    private final TrainingTable table;
    private StepProgress progress;

    TrainingConsole(
            PrintWriter out,
            PrintWriter err,
            RunDirectory run,
            TrainingConfig config,
            Dataset dataset,
            Device device) {
        this.out = out;
        this.err = err;
        this.run = run;
        this.config = config;
        this.dataset = dataset;
        this.device = device;
        table = new TrainingTable(Terminal.width(), config.objective().terms(), dataset.chosenBy());
    }

    /** Says what is about to be trained, and heads the table. */
    void start(TrainState from) {
        ImageSet train = dataset.train();
        List<String> heldOut = config.data().heldOutClasses();
        open(
                "%s: %d training%s and %d test images, %d classes%s (%s)",
                dataset.name(),
                train.count(),
                dataset.validation() == null
                        ? ""
                        : ", %d validation".formatted(dataset.validation().count()),
                dataset.test().count(),
                dataset.classes().size(),
                heldOut.isEmpty() ? "" : ", held out: " + NameList.of(heldOut),
                dataset.source());
        open(
                "%d×%d, %d channel%s; loss %s, %d features, batch %d, seed %d",
                train.width(),
                train.height(),
                train.channels(),
                train.channels() == 1 ? "" : "s",
                config.loss().objective(),
                config.network().features(),
                config.optimization().batchSize(),
                config.seed());
        int leftOver = train.count() % config.optimization().batchSize();
        if (leftOver > 0) {
            open("%d of %d images are left over in each epoch", leftOver, train.count());
        }
        open("augmentation: %s", config.data().augmentation().words());
        open("on %s: %s", device.name(), device.description());
        open(
                dataset.chosenBy() == Part.TEST
                        ? "the test images also choose, as in the reference (--validation-fraction)"
                        : "the validation images choose, the test images are looked at once");
        if (from.step() == 0 && config.network().initialWeights() != null) {
            open("starts from the weights in %s", config.network().initialWeights().file());
        }
        if (from.step() > 0) {
            open("going on after step %d, in epoch %d", from.step(), from.epoch());
        }
        noteNothingToLearn(train);
        show(table.head());
    }

    /** Tells of training images that there is nothing to be learned from. */
    private void noteNothingToLearn(ImageSet train) {
        if (train.isOneClass()) {
            note(
                    "all training images are of one class, %s: there is nothing to tell it from"
                            .formatted(dataset.classes().get(train.labels()[0])));
        }
        if (train.isOneImage()) {
            note("all %d training images are equal".formatted(train.count()));
        }
    }

    /** Says something in front of the table, in as many lines as it takes. */
    private void open(String format, Object... values) {
        Terminal.wrapped(text(format, values), Terminal.width(), 2).lines().forEach(this::show);
    }

    private void say(String format, Object... values) {
        show(text(format, values));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, Printable.all(values));
    }

    private void show(String line) {
        out.println(line);
        out.flush();
        run.log(line);
    }

    @Override
    public void epochStarted(int epoch, int stepsDone, int steps) {
        progress =
                new StepProgress(
                        err,
                        "epoch %d/%d".formatted(epoch, config.epochs()),
                        config.optimization().batchSize(),
                        stepsDone,
                        steps);
    }

    @Override
    public void stepDone(int epoch, int stepsDone) {
        progress.stepTo(stepsDone);
    }

    @Override
    public void lossRead(long step, double loss, double[] terms) {
        progress.showLoss(loss);
    }

    @Override
    public void evaluationStarted(int epoch) {
        close();
    }

    @Override
    public void epochFinished(EpochResult result) {
        show(table.line(result, Duration.ofNanos(System.nanoTime() - start)));
        long notFinite = Arrays.stream(result.evaluation().notFinite()).sum();
        if (notFinite > 0) {
            note(
                    "epoch %d: the features of %d of %d %s images are not finite and count as wrong;"
                                    .formatted(
                                            result.epoch(),
                                            notFinite,
                                            result.evaluated().count(),
                                            result.part().adjective())
                            + " running statistics of normalisations settle in more steps or with a"
                            + " smaller --lr");
        }
    }

    /** Says how the run ended, where its time went and where its results are. */
    void finish(
            Trainer.Outcome outcome, TrainState at, Optional<FinalResult> result, Profile profile) {
        close();
        if (profile.enabled()) {
            show(profile.seconds());
        }
        if (at.bestAccuracy() != null) {
            say(
                    "best %s accuracy %.2f %% (epoch %d)",
                    dataset.chosenBy().adjective(), 100 * at.bestAccuracy(), at.bestEpoch());
        }
        if (outcome == Trainer.Outcome.FINISHED && at.epoch() <= config.epochs()) {
            config.earlyStop().reason(at).ifPresent(why -> say("ended early: %s", why));
        }
        result.ifPresent(tested -> say("its test accuracy: %s", listed(tested.test())));
        if (outcome == Trainer.Outcome.INTERRUPTED) {
            say("interrupted after step %d; go on with: --resume %s", at.step(), run.path());
        }
        say("run directory: %s", run.path());
    }

    private static String listed(Accuracies accuracies) {
        return accuracies.named().entrySet().stream()
                .map(
                        entry ->
                                String.format(
                                        Locale.ROOT,
                                        "%.2f %% by the %s",
                                        100 * entry.getValue(),
                                        entry.getKey()))
                .collect(Collectors.joining(", "));
    }

    /**
     * Writes the report and says where it is. What goes wrong here does not take a finished run
     * with it.
     *
     * @return the pictures in it; empty where there is no report
     */
    List<Picture> report() {
        try {
            RunReport.Written written = RunReport.write(run.path(), RunReport.file(run.path()));
            written.trouble().ifPresent(this::note);
            written.features().forEach(file -> say("plot: %s", file));
            say("report: %s", written.page());
            return written.pictures();
        } catch (RuntimeException | Error e) {
            note("no report: " + (e instanceof InputException ? e.getMessage() : e));
            return List.of();
        }
    }

    /** Says what is remarkable, on standard error and in the log. */
    void note(String line) {
        err.println("centerloss: note: " + line);
        run.log("note: " + line);
    }

    private void show(Map<Profile.Phase, Double> seconds) {
        double total = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        say("wall clock, the phases of a step run one by one and waited for:");
        seconds.forEach(
                (phase, time) ->
                        say("%-10s %9.3f s %5.1f %%", phase.key(), time, 100 * time / total));
        say("%-10s %9.3f s", "total", total);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
