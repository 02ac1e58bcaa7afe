package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.InputException;
import org.centerloss.cli.Main;
import org.centerloss.cli.StopSignal;
import org.centerloss.cli.Terminal;
import org.centerloss.cli.option.OptionValues;
import org.centerloss.data.Dataset;
import org.centerloss.data.Part;
import org.centerloss.device.Device;
import org.centerloss.report.page.RunReport;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.page.TextTable;
import org.centerloss.train.Checkpoint;
import org.centerloss.train.DivergenceException;
import org.centerloss.train.FinalResult;
import org.centerloss.train.RunDirectory;
import org.centerloss.train.Trainer;

/**
 * Trainings one after another, each in a run directory of its own under one folder, with a table of
 * what they came to. What is finished is not repeated, what was begun goes on.
 */
public final class RunSeries {
    /**
     * One of the trainings.
     *
     * @param settings what sets it apart from the others, by option
     * @param folder its run directory
     */
    public record Member(Map<String, String> settings, Path folder, TrainCommand training) {
        String name() {
            return SettingsGrid.text(settings);
        }
    }

    /** How far a member has come. */
    public enum State {
        FINISHED("finished"),
        DIVERGED("diverged"),
        BEGUN("begun"),
        TO_DO("to do");

        private final String text;

        State(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * What a member came to.
     *
     * @param results empty where it is not over, or has no finished epoch
     */
    public record Result(Member member, State state, Optional<RunResults> results) {
        /** A number of the best epoch, by column. */
        public Optional<Double> best(String column) {
            return results.map(run -> run.epochs(column)[run.best()]);
        }

        /** The accuracy of the best epoch on the images that the run chooses by. */
        public Optional<Double> accuracy() {
            return results.map(run -> run.accuracy()[run.best()]);
        }

        /** The validation accuracy of the best epoch; empty where the test images choose. */
        public Optional<Double> validationAccuracy() {
            return results.filter(run -> run.part() == Part.VALIDATION).flatMap(r -> accuracy());
        }

        /** The test accuracy of the best epoch. */
        public Optional<Double> testAccuracy() {
            return results.flatMap(RunResults::testAccuracy);
        }
    }

    /** How results are shown, and under which name they are written. */
    public interface Table {
        /** The name of the files, without the ending. */
        String file();

        /** For people. */
        TextTable shown(List<Result> results);

        /** The columns that a narrow terminal does without, the first one first. */
        List<String> spare();

        /** For programs: plain numbers. */
        TextTable values(List<Result> results);

        /** What must be known to read the table right; may be empty. */
        List<String> notes(List<Result> results);
    }

    private final Path folder;
    private final List<Member> members;
    private final Table table;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Set<Member> diverged = new HashSet<>();
    private final HeldDataset held = new HeldDataset();

    /**
     * @param folder gets the table, and the run directories
     * @param training makes a combination's training, or refuses it
     */
    RunSeries(
            Path folder,
            SettingsGrid grid,
            Function<Map<String, String>, TrainCommand> training,
            Table table,
            PrintWriter out,
            PrintWriter err) {
        this.folder = folder;
        members = new ArrayList<>();
        BiConsumer<Map<String, String>, String> add =
                (own, name) ->
                        members.add(new Member(own, folder.resolve(name), training.apply(own)));
        grid.folders().forEach(add);
        this.table = table;
        this.out = out;
        this.err = err;
    }

    /**
     * Checks every member, trains what is not finished, prints the table.
     *
     * @return the program's exit code
     * @throws InputException before anything is trained, if a member's settings do not go with its
     *     data set, or its folder holds a run with other settings
     */
    int run(Supplier<Device> device) {
        List<Member> open = new ArrayList<>();
        for (Member member : members) {
            requireOwnFolder(member);
            if (state(member) == State.FINISHED && hasItsReport(member)) {
                out.printf("%s: finished before, in %s%n", member.name(), member.folder());
            } else {
                open.add(member);
            }
        }
        requireTrainable(open);
        boolean interrupted = false;
        if (!open.isEmpty()) {
            try (Device opened = device.get();
                    StopSignal stop = new StopSignal()) {
                interrupted = !train(open, opened, stop);
                finish(interrupted);
            }
        } else {
            finish(false);
        }
        if (interrupted) {
            return Main.INTERRUPTED;
        }
        return diverged.isEmpty() ? Main.SUCCESS : Main.FAILURE;
    }

    /** A process may have died after the run had finished, before it had its report. */
    private static boolean hasItsReport(Member member) {
        return !member.training().isReported() || Files.exists(RunReport.file(member.folder()));
    }

    /**
     * Checks members against their data sets, those of one data set together, and that of the first
     * member last, since it is the first to be trained.
     */
    private void requireTrainable(List<Member> open) {
        Map<DataSettings, List<Member>> groups = new LinkedHashMap<>();
        for (Member member : open) {
            groups.computeIfAbsent(member.training().dataSettings(), s -> new ArrayList<>())
                    .add(member);
        }
        List<List<Member>> first = new ArrayList<>(groups.values());
        Collections.reverse(first);
        for (List<Member> group : first) {
            for (Member member : group) {
                member.training().requireTrainable(dataset(member));
            }
        }
    }

    /** The member's data set, which neighbours with the same one share. */
    private Dataset dataset(Member member) {
        TrainCommand training = member.training();
        return held.get(training.dataSettings(), training::load);
    }

    private static void requireOwnFolder(Member member) {
        if (!RunDirectory.isRun(member.folder())) {
            return;
        }
        Map<String, Object> found = RunDirectory.readConfig(member.folder()).options();
        Map<String, Object> expected = member.training().options();
        Set<String> names = new TreeSet<>(expected.keySet());
        names.addAll(found.keySet());
        names.removeIf(name -> OptionValues.FREE_TO_CHANGE.contains("--" + name));
        for (String name : names) {
            if (!String.valueOf(expected.get(name)).equals(String.valueOf(found.get(name)))) {
                throw new InputException(
                        "%s: expected a run with %s, found one with %s; choose another --out"
                                .formatted(
                                        member.folder(), text(name, expected), text(name, found)));
            }
        }
    }

    private static String text(String name, Map<String, Object> values) {
        return values.containsKey(name)
                ? "--%s %s".formatted(name, values.get(name))
                : "no --" + name;
    }

    /** Trains one after another; false if it was interrupted. */
    private boolean train(List<Member> open, Device device, BooleanSupplier stop) {
        for (Member member : open) {
            if (stop.getAsBoolean()) {
                return false;
            }
            out.printf(
                    "%nrun %d of %d: %s%n",
                    members.indexOf(member) + 1, members.size(), member.name());
            Trainer.Outcome outcome = Trainer.Outcome.FINISHED;
            try {
                outcome = member.training().trainIn(member.folder(), device, dataset(member), stop);
            } catch (DivergenceException e) {
                err.println("centerloss: " + e.getMessage());
                diverged.add(member);
            }
            write();
            if (outcome == Trainer.Outcome.INTERRUPTED) {
                return false;
            }
        }
        return true;
    }

    private State state(Member member) {
        if (diverged.contains(member)) {
            return State.DIVERGED;
        }
        if (!RunDirectory.isRun(member.folder())) {
            return State.TO_DO;
        }
        Path last = RunDirectory.last(member.folder());
        return Files.exists(last)
                        && member.training().checked().isFinished(Checkpoint.read(last).progress())
                        && FinalResult.kept(member.folder()).isPresent()
                ? State.FINISHED
                : State.BEGUN;
    }

    private List<Result> results() {
        List<Result> results = new ArrayList<>();
        for (Member member : members) {
            State state = state(member);
            boolean over = state == State.FINISHED || state == State.DIVERGED;
            results.add(
                    new Result(
                            member,
                            state,
                            over ? RunResults.readEvaluated(member.folder()) : Optional.empty()));
        }
        return results;
    }

    private void write() {
        List<Result> results = results();
        table.values(results).writeCsv(file(".csv"));
        StringBuilder markdown = new StringBuilder(table.shown(results).markdown());
        table.notes(results).forEach(note -> markdown.append('\n').append(note).append('\n'));
        AtomicFile.write(
                file(".md"), to -> to.write(markdown.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private Path file(String ending) {
        return folder.resolve(table.file() + ending);
    }

    /** Prints the table and how to go on, and writes the table. */
    private void finish(boolean interrupted) {
        write();
        List<Result> results = results();
        out.println();
        table.shown(results).lines(Terminal.width(), table.spare()).forEach(out::println);
        table.notes(results).forEach(out::println);
        if (interrupted) {
            out.printf(
                    "interrupted with %d of %d runs finished; the same command with --out %s goes on%n",
                    results.stream().filter(r -> r.state() == State.FINISHED).count(),
                    members.size(),
                    folder);
        }
        out.printf("tables: %s, %s%n", file(".md"), file(".csv"));
    }
}
