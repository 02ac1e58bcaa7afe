package org.centerloss.optim;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;

/** The registry of schedules: the command line and configuration files go through it. */
public enum Schedules {
    PLATEAU("plateau", "lowered when accuracy stops rising", false, Plateau::new),
    STEP("step", "lowered every few epochs", false, StepDecay::new),
    COSINE("cosine", "lowered along half a cosine over the whole run", true, CosineAnnealing::new),
    ONE_CYCLE("one-cycle", "raised once and lowered over the whole run", true, OneCycle::new);

    /**
     * What a schedule can be told; each uses what it needs. What is not there, as in files from
     * before there was a choice, is its default.
     *
     * @param factor what {@code plateau} and {@code step} multiply the rate with
     * @param patience epochs without improvement that {@code plateau} waits for
     * @param threshold by which fraction an accuracy exceeds the best one where {@code plateau}
     *     takes it for better
     * @param name a key of the registry; {@code plateau} by default
     * @param warmup epochs over which the rate rises linearly before the schedule begins; 0 by
     *     default
     * @param stepEpochs epochs after which {@code step} lowers the rate; 30 by default
     * @param minimum where {@code cosine} ends; 0 by default
     */
    public record Settings(
            double factor,
            int patience,
            double threshold,
            @JsonProperty(required = false) String name,
            @JsonProperty(required = false) Double warmup,
            @JsonProperty(required = false) Integer stepEpochs,
            @JsonProperty(required = false) Double minimum) {
        public Settings {
            name = name == null ? PLATEAU.key : name;
            warmup = warmup == null ? 0 : warmup;
            stepEpochs = stepEpochs == null ? Integer.valueOf(30) : stepEpochs;
            minimum = minimum == null ? 0 : minimum;
        }

        /** {@code plateau} from the first step. */
        public static Settings plateau(double factor, int patience, double threshold) {
            return new Settings(factor, patience, threshold, null, null, null, null);
        }

        /** The schedule of a run. */
        public Schedule schedule(Run run) {
            long rising = Math.round(warmup * run.stepsPerEpoch());
            Run rest =
                    new Run(
                            run.learningRate(),
                            run.stepsPerEpoch(),
                            Math.max(1, run.steps() - rising));
            Schedule then = of(name).factory.create(this, rest);
            return rising == 0 ? then : new Warmup(then, rising, Warmup.START);
        }
    }

    /**
     * The run that a schedule is for.
     *
     * @param learningRate the highest rate
     * @param stepsPerEpoch steps of an epoch
     * @param steps steps of the whole run
     */
    public record Run(double learningRate, int stepsPerEpoch, long steps) {}

    private interface Factory {
        Schedule create(Settings settings, Run run);
    }

    private final String key;
    private final String summary;
    private final boolean spansRun;
    private final Factory factory;

    Schedules(String key, String summary, boolean spansRun, Factory factory) {
        this.key = key;
        this.summary = summary;
        this.spansRun = spansRun;
        this.factory = factory;
    }

    /** The name on the command line and in a run's configuration. */
    public String key() {
        return key;
    }

    /** One line of help. */
    public String summary() {
        return summary;
    }

    /** Whether the rates depend on how long the run is. */
    public boolean spansRun() {
        return spansRun;
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Schedules::key).toList();
    }

    /** The schedule of that name. */
    public static Schedules of(String key) {
        return Arrays.stream(values())
                .filter(s -> s.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no schedule '" + key + "'"));
    }
}
