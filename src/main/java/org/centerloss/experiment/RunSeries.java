package org.centerloss.experiment;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.InputException;
import org.centerloss.data.Dataset;
import org.centerloss.device.Device;
import org.centerloss.experiment.Result.State;
import org.centerloss.report.page.RunResults;
import org.centerloss.train.DivergenceException;
import org.centerloss.train.Trainer;

/**
 * Trainings one after another, each in a run directory of its own under one folder, with a table of
 * what they came to. What is finished is not repeated, what was begun goes on.
 */
public final class RunSeries {
    /** Is told how a series gets on. */
    public interface Listener {
        /** There is nothing left to do for a member. */
        void finishedBefore(Member member);

        /**
         * A member is about to be trained.
         *
         * @param number its place among all members, from 1
         */
        void started(Member member, int number, int members);

        /** A member's training came to an end without a result. */
        void diverged(Member member, DivergenceException reason);
    }

    private final Path folder;
    private final List<Member> members = new ArrayList<>();
    private final ResultTable table;
    private final Set<String> freeToChange;
    private final Set<Member> diverged = new HashSet<>();
    private final HeldDataset held = new HeldDataset();

    /**
     * @param folder gets the table, and the run directories
     * @param training makes a combination's training, or refuses it
     * @param freeToChange names of the options, with dashes, in which a run that was begun may
     *     differ from the training that goes on with it
     */
    public RunSeries(
            Path folder,
            SettingsGrid grid,
            Function<Map<String, String>, ? extends Training> training,
            ResultTable table,
            Set<String> freeToChange) {
        this.folder = folder;
        this.table = table;
        this.freeToChange = freeToChange;
        grid.folders()
                .forEach(
                        (settings, name) ->
                                members.add(
                                        new Member(
                                                settings,
                                                folder.resolve(name),
                                                training.apply(settings))));
    }

    /** The folder of the run directories and of the table. */
    public Path folder() {
        return folder;
    }

    /** How the results are shown. */
    public ResultTable table() {
        return table;
    }

    /** The table as Markdown. */
    public Path markdownFile() {
        return folder.resolve(table.file() + ".md");
    }

    /** The table as CSV. */
    public Path csvFile() {
        return folder.resolve(table.file() + ".csv");
    }

    /**
     * Checks every member, and those that are not finished against their data sets.
     *
     * @return what is not finished, in order
     * @throws InputException if a member's settings do not go with its data set, or its folder
     *     holds a run with other settings
     */
    public List<Member> check(Listener listener) {
        List<Member> open = new ArrayList<>();
        for (Member member : members) {
            member.requireOwnFolder(freeToChange);
            if (member.isFinished() && member.hasItsReport()) {
                listener.finishedBefore(member);
            } else {
                open.add(member);
            }
        }
        requireTrainable(open);
        return open;
    }

    /**
     * Checks members against their data sets, those of one data set together, and that of the first
     * member last, since it is the first to be trained.
     */
    private void requireTrainable(List<Member> open) {
        Map<Object, List<Member>> groups = new LinkedHashMap<>();
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
        Training training = member.training();
        return held.get(training.dataSettings(), training::load);
    }

    /**
     * Trains one member after another and writes the table after each. One that diverges does not
     * stop the others.
     *
     * @param open what {@link #check} left
     * @param stop asked before each member and after each of its steps
     * @return false if it was stopped before all was trained
     */
    public boolean train(
            List<Member> open, Device device, BooleanSupplier stop, Listener listener) {
        for (Member member : open) {
            if (stop.getAsBoolean()) {
                return false;
            }
            listener.started(member, members.indexOf(member) + 1, members.size());
            Trainer.Outcome outcome = Trainer.Outcome.FINISHED;
            try {
                outcome = member.training().trainIn(member.folder(), device, dataset(member), stop);
            } catch (DivergenceException e) {
                listener.diverged(member, e);
                diverged.add(member);
            }
            write();
            if (outcome == Trainer.Outcome.INTERRUPTED) {
                return false;
            }
        }
        return true;
    }

    /** Writes the table of what the members have come to by now, and returns that. */
    public List<Result> write() {
        List<Result> results = members.stream().map(this::result).toList();
        table.values(results).writeCsv(csvFile());
        StringBuilder markdown = new StringBuilder(table.shown(results).markdown());
        table.notes(results).forEach(note -> markdown.append('\n').append(note).append('\n'));
        AtomicFile.write(
                markdownFile(),
                to -> to.write(markdown.toString().getBytes(StandardCharsets.UTF_8)));
        return results;
    }

    private Result result(Member member) {
        State state = state(member);
        boolean over = state == State.FINISHED || state == State.DIVERGED;
        return new Result(
                member, state, over ? RunResults.readEvaluated(member.folder()) : Optional.empty());
    }

    private State state(Member member) {
        if (diverged.contains(member)) {
            return State.DIVERGED;
        }
        if (member.isFinished()) {
            return State.FINISHED;
        }
        return member.isBegun() ? State.BEGUN : State.TO_DO;
    }
}
