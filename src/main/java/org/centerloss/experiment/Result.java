package org.centerloss.experiment;

import java.util.Optional;
import org.centerloss.data.Part;
import org.centerloss.report.page.RunResults;

/**
 * What a member came to.
 *
 * @param results empty where it is not over, or has no finished epoch
 */
public record Result(Member member, State state, Optional<RunResults> results) {
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
