package org.centerloss.cli.command;

import java.util.List;
import java.util.Optional;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.evaluate.metric.EmbeddingMetrics;
import org.centerloss.evaluate.metric.OpenSet;
import org.centerloss.train.Threshold;

/** How a threshold tells images of known classes from others. */
final class UnknownImages {
    private UnknownImages() {}

    /** The share of images beyond the threshold; null without one. */
    static Double share(
            Optional<Threshold> threshold, Threshold.Scope scope, Embeddings embeddings) {
        return threshold.map(t -> t.region(scope).unknownShare(embeddings)).orElse(null);
    }

    /** How well distances tell other images from known ones; null without a threshold. */
    static Double areaUnderRoc(
            Optional<Threshold> threshold,
            Threshold.Scope scope,
            Embeddings known,
            Embeddings others) {
        return threshold
                .map(t -> t.region(scope))
                .map(r -> OpenSet.areaUnderRoc(r.outlyingness(known), r.outlyingness(others)))
                .orElse(null);
    }

    /**
     * What images of other classes come to.
     *
     * @param metrics null where they are not wanted
     */
    static EvaluationResult.OtherClasses measure(
            List<String> classes,
            Embeddings others,
            EmbeddingMetrics metrics,
            Optional<Threshold> threshold,
            Embeddings known) {
        return new EvaluationResult.OtherClasses(
                classes,
                others.count(),
                metrics,
                share(threshold, Threshold.Scope.GLOBAL, others),
                share(threshold, Threshold.Scope.PER_CLASS, others),
                areaUnderRoc(threshold, Threshold.Scope.GLOBAL, known, others),
                areaUnderRoc(threshold, Threshold.Scope.PER_CLASS, known, others));
    }
}
