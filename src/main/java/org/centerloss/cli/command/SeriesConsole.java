package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import org.centerloss.base.InputException;
import org.centerloss.cli.Main;
import org.centerloss.cli.StopSignal;
import org.centerloss.cli.Terminal;
import org.centerloss.device.Device;
import org.centerloss.experiment.Member;
import org.centerloss.experiment.Result;
import org.centerloss.experiment.Result.State;
import org.centerloss.experiment.RunSeries;
import org.centerloss.train.DivergenceException;

/**
 * Runs a series of trainings for a command, and shows how it gets on and what it came to.
 *
 * @param out gets the tables
 * @param err gets complaints
 */
record SeriesConsole(PrintWriter out, PrintWriter err) implements RunSeries.Listener {
    /**
     * Checks every member, trains what is not finished, prints the table.
     *
     * @param device opens the device, once there is something to train
     * @return the program's exit code
     * @throws InputException before anything is trained, if a member's settings do not go with its
     *     data set, or its folder holds a run with other settings
     */
    int run(RunSeries series, Supplier<Device> device) {
        List<Member> open = series.check(this);
        if (open.isEmpty()) {
            return finish(series, false);
        }
        try (Device opened = device.get();
                StopSignal stop = new StopSignal()) {
            return finish(series, !series.train(open, opened, stop, this));
        }
    }

    @Override
    public void finishedBefore(Member member) {
        out.printf("%s: finished before, in %s%n", member.name(), member.folder());
    }

    @Override
    public void started(Member member, int number, int members) {
        out.printf("%nrun %d of %d: %s%n", number, members, member.name());
    }

    @Override
    public void diverged(Member member, DivergenceException reason) {
        err.println("centerloss: " + reason.getMessage());
    }

    /** Writes the table, prints it and how to go on; returns the program's exit code. */
    private int finish(RunSeries series, boolean interrupted) {
        List<Result> results = series.write();
        out.println();
        series.table()
                .shown(results)
                .lines(Terminal.width(), series.table().spare())
                .forEach(out::println);
        series.table().notes(results).forEach(out::println);
        if (interrupted) {
            out.printf(
                    "interrupted with %d of %d runs finished; the same command with --out %s goes on%n",
                    count(results, State.FINISHED), results.size(), series.folder());
        }
        out.printf("tables: %s, %s%n", series.markdownFile(), series.csvFile());
        if (interrupted) {
            return Main.INTERRUPTED;
        }
        return count(results, State.DIVERGED) == 0 ? Main.SUCCESS : Main.FAILURE;
    }

    private static long count(List<Result> results, State state) {
        return results.stream().filter(result -> result.state() == state).count();
    }
}
