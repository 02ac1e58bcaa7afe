package org.centerloss.cli.command;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.base.Output;
import org.centerloss.evaluate.Evaluation;
import org.centerloss.evaluate.metric.EmbeddingMetrics;
import org.centerloss.report.page.TextTable;
import org.centerloss.train.Accuracies;
import org.centerloss.train.Threshold;

/**
 * Everything that {@code evaluate} finds out; as JSON with the same names in snake case.
 *
 * @param step steps that the model was trained for
 * @param split train or test
 * @param heldOut classes that were held out of training; null where there are none
 * @param unknownClasses other classes that the model does not know; null where there are none
 * @param threshold null where it could not be calibrated
 */
public record EvaluationResult(
        String checkpoint,
        long step,
        String loss,
        int features,
        String device,
        String dataset,
        String source,
        String split,
        KnownClasses known,
        OtherClasses heldOut,
        OtherClasses unknownClasses,
        Calibration threshold) {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    /**
     * The classes that the model was trained on.
     *
     * @param accuracy of the classes that {@code classifiedBy} gave
     * @param classifiedBy how images were classified
     * @param accuracies that and the other ways to classify
     * @param centers what the distances of {@code classes} were measured to
     * @param confusion counts, [true class][predicted class]
     * @param metrics null where they were left out
     * @param unknownShare share of the images beyond the threshold; null without one
     * @param unknownSharePerClass likewise, where each class has a threshold of its own
     */
    public record KnownClasses(
            int images,
            double accuracy,
            String classifiedBy,
            Accuracies accuracies,
            String centers,
            List<ClassFigures> classes,
            long[][] confusion,
            EmbeddingMetrics metrics,
            Double unknownShare,
            Double unknownSharePerClass) {}

    /**
     * A class; without images it has no figures, which are then null.
     *
     * @param distanceMean mean Euclidean distance to its center
     * @param distanceDeviation standard deviation of that distance
     */
    public record ClassFigures(
            String name,
            long images,
            Double accuracy,
            Double distanceMean,
            Double distanceDeviation) {}

    /**
     * Classes that the model was not trained on; see {@link KnownClasses}.
     *
     * @param areaUnderRoc how well the distance to the nearest center tells images of known classes
     *     from these, see {@link org.centerloss.evaluate.metric.OpenSet}; null without a threshold
     * @param areaUnderRocPerClass likewise, by distances over the thresholds of the classes
     */
    public record OtherClasses(
            List<String> classes,
            int images,
            EmbeddingMetrics metrics,
            Double unknownShare,
            Double unknownSharePerClass,
            Double areaUnderRoc,
            Double areaUnderRocPerClass) {}

    /** The classes that the model does not know, whatever the reason; null where there are none. */
    @JsonIgnore
    public OtherClasses others() {
        return heldOut != null ? heldOut : unknownClasses;
    }

    /**
     * See {@link Threshold}.
     *
     * @param images what it was calibrated on
     * @param correct how many of these were correctly classified
     */
    public record Calibration(String images, double distance, double knownShare, int correct) {
        static Calibration of(Threshold threshold) {
            return new Calibration(
                    threshold.images(),
                    threshold.distance(),
                    threshold.knownShare(),
                    threshold.correct());
        }
    }

    static List<ClassFigures> classes(Evaluation e, List<String> names) {
        List<ClassFigures> classes = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            classes.add(
                    new ClassFigures(
                            names.get(c),
                            e.count(c),
                            numberOrNull(e.accuracy(c)),
                            numberOrNull(e.intraMean()[c]),
                            numberOrNull(e.intraDeviation()[c])));
        }
        return classes;
    }

    private static Double numberOrNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    /** Writes the confusion matrix as CSV: a row per true class, a column per predicted class. */
    void writeConfusion(Path file) {
        List<String> header = new ArrayList<>(List.of("class"));
        known.classes.forEach(c -> header.add(c.name));
        List<List<String>> rows = new ArrayList<>();
        for (int c = 0; c < known.confusion.length; c++) {
            List<String> row = new ArrayList<>(List.of(known.classes.get(c).name));
            Arrays.stream(known.confusion[c]).mapToObj(String::valueOf).forEach(row::add);
            rows.add(row);
        }
        String csv = new TextTable(header, rows).csv();
        Output.write(file, out -> out.write(csv.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes it as JSON, replacing {@code file} in one step. */
    void write(Path file) {
        Output.write(
                file,
                out -> {
                    out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
                    out.write('\n');
                });
    }
}
