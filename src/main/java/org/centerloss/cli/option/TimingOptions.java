package org.centerloss.cli.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long and in which state of the caches rows of a comparison are timed. */
public final class TimingOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--warm-cache",
            description =
                    "Leave the caches as the run before left them. Default: they are flushed"
                            + " before each repetition.")
    private boolean warmCache;

    @Option(
            names = "--min-time",
            paramLabel = "SECONDS",
            defaultValue = "0.15",
            description = "Repeat each row for this long. Default: ${DEFAULT-VALUE}.")
    private double minTime;

    @Option(
            names = "--max-noise",
            paramLabel = "PERCENT",
            defaultValue = "5",
            description =
                    "Go on until the middle three fifths of the times spread less, for four times"
                            + " --min-time at most. Default: ${DEFAULT-VALUE}.")
    private double maxNoise;

    @Option(
            names = "--budget",
            paramLabel = "SECONDS",
            defaultValue = "540",
            description =
                    "Skip rows that would not be done in this time, shared evenly between the"
                            + " operations. Default: ${DEFAULT-VALUE}.")
    private double budget;

    /**
     * Checks the values.
     *
     * @throws ParameterException if one is not above 0
     */
    public void check() {
        requirePositive("--min-time", minTime);
        requirePositive("--max-noise", maxNoise);
        requirePositive("--budget", budget);
    }

    private void requirePositive(String option, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s: expected a number above 0, found %s".formatted(option, value));
        }
    }

    /** Whether the caches are left as the run before left them. */
    public boolean warmCache() {
        return warmCache;
    }

    /** Seconds for each row. */
    public double minTime() {
        return minTime;
    }

    /** Percent by which the middle three fifths of the times may spread. */
    public double maxNoise() {
        return maxNoise;
    }

    /** Seconds for all rows. */
    public double budget() {
        return budget;
    }
}
