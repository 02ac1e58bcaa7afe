package org.centerloss.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.centerloss.train.Threshold;

/**
 * The files that an evaluation leaves; null where one is not wanted.
 *
 * @param json every figure
 * @param confusion the confusion matrix as CSV
 * @param calibration the threshold for predict
 */
record EvaluationFiles(Path json, Path confusion, Path calibration) {
    void write(
            EvaluationResult result,
            Optional<Threshold> threshold,
            PrintWriter out,
            PrintWriter err) {
        if (json != null) {
            result.write(json);
        }
        if (confusion != null) {
            result.writeConfusion(confusion);
            out.printf("confusion matrix: %s%n", confusion);
        }
        if (threshold.isEmpty()) {
            err.println(
                    "centerloss: note: no threshold for predict, as no image was classified"
                            + " correctly");
        } else if (calibration != null) {
            threshold.get().write(calibration);
            out.printf("threshold for predict: %s%n", calibration);
        }
    }
}
