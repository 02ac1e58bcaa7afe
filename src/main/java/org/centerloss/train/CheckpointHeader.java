package org.centerloss.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.centerloss.base.Bounds;
import org.centerloss.nn.NetworkShape;

/**
 * The JSON in the metadata of a {@link Checkpoint}.
 *
 * @param crc32c over the tensors, in the old format; null in the present one
 */
record CheckpointHeader(
        int format,
        @JsonProperty(required = false) @JsonInclude(JsonInclude.Include.NON_NULL) Long crc32c,
        TrainingConfig config,
        Checkpoint.Model model,
        TrainState progress) {
    CheckpointHeader {
        config.requireSound();
        TrainingConfig.Network network = config.network();
        NetworkShape shape = model.shape();
        int terms = config.objective().terms().size();
        Bounds.require(
                shape.equals(
                        network.shape(
                                shape.channels(), shape.height(), shape.width(), shape.classes())),
                "model",
                "the network of the configuration, " + network,
                shape);
        Bounds.require(
                progress.termSums().length == terms,
                "progress",
                "sums of %d terms".formatted(terms),
                progress.termSums().length);
    }
}
