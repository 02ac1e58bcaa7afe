package org.centerloss.train;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where a run's time goes, by the wall clock. Switched off, it reads no clock, and a step stays one
 * recorded program.
 */
public final class Profile {
    /** What time is spent on. */
    public enum Phase {
        /** Cutting batches out of the resident images and augmenting them. */
        DATA,
        FORWARD,
        /** The loss terms and the gradient of the features. */
        LOSS,
        BACKWARD,
        UPDATE,
        /** Embedding and classifying images after an epoch. */
        EVALUATION,
        /** Reading the loss, writing metrics and checkpoints. */
        LOGGING,
        /** All that the others leave: shuffling, showing progress, the clock itself. */
        OTHER;

        /** Its name in the output. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final boolean enabled;
    private final Map<Phase, Long> total = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> lap = new EnumMap<>(Phase.class);
    private long lapBegin;

    private Profile(boolean enabled) {
        this.enabled = enabled;
    }

    /** Measures nothing. */
    public static Profile off() {
        return new Profile(false);
    }

    public static Profile on() {
        return new Profile(true);
    }

    public boolean enabled() {
        return enabled;
    }

    /** Starts the clock: what came before belongs to no phase. */
    void begin() {
        lapBegin = System.nanoTime();
    }

    /** Runs {@code body} at the expense of {@code phase}. */
    void time(Phase phase, Runnable body) {
        time(
                phase,
                () -> {
                    body.run();
                    return null;
                });
    }

    /** Runs {@code body} at the expense of {@code phase}. */
    <T> T time(Phase phase, Supplier<T> body) {
        if (!enabled) {
            return body.get();
        }
        long begin = System.nanoTime();
        try {
            return body.get();
        } finally {
            lap.merge(phase, System.nanoTime() - begin, Long::sum);
        }
    }

    /** The seconds of each phase since the last lap, or since {@link #begin}. */
    Map<Phase, Double> lap() {
        long now = System.nanoTime();
        long known = lap.values().stream().mapToLong(Long::longValue).sum();
        lap.put(Phase.OTHER, now - lapBegin - known);
        lap.forEach((phase, nanoseconds) -> total.merge(phase, nanoseconds, Long::sum));
        Map<Phase, Double> seconds = seconds(lap);
        lap.clear();
        lapBegin = now;
        return seconds;
    }

    /** The seconds of each phase in all laps. */
    public Map<Phase, Double> seconds() {
        return seconds(total);
    }

    private static Map<Phase, Double> seconds(Map<Phase, Long> nanoseconds) {
        Map<Phase, Double> seconds = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            seconds.put(phase, nanoseconds.getOrDefault(phase, 0L) / 1e9);
        }
        return seconds;
    }
}
