package org.centerloss.cuda.driver;

import java.util.List;

/** Every kernel: the one list of their names and parameters on the Java side. */
public enum KernelFunction {
    ADAM_W_STEP("adam_w", "adam_w_step", "pppppfffffi"),
    ADDITION_FORWARD("addition", "addition_forward", "pppi"),
    ARG_MAX_WARP("arg_max", "arg_max_warp", "piip"),
    ARG_MAX_BLOCK("arg_max", "arg_max_block", "piip"),
    BATCH_NORMALIZATION_INFERENCE(
            "batch_normalization", "batch_normalization_inference", "pppppfpiiiip"),
    BATCH_NORMALIZATION_RELU("batch_normalization", "batch_normalization_relu", "ppi"),
    BATCH_NORMALIZATION_RELU_BACKWARD(
            "batch_normalization", "batch_normalization_relu_backward", "ppi"),
    CENTER_LOSS_FORWARD("center_loss", "center_loss_forward", "pppiiiiifp"),
    CENTER_LOSS_FORWARD_BACKWARD("center_loss", "center_loss_forward_backward", "pppiiiiiffipppp"),
    CENTER_LOSS_CLASS_SUMS("center_loss", "center_loss_class_sums", "ppiiifp"),
    CENTER_LOSS_DISTANCES_NAIVE("center_loss", "center_loss_distances_naive", "pppiiifpp"),
    CENTER_LOSS_DX_NAIVE("center_loss", "center_loss_dx_naive", "ppppiiifip"),
    CENTER_LOSS_DCENTERS_NAIVE("center_loss", "center_loss_dcenters_naive", "ppppiiifp"),
    CENTER_SPREAD_D16("center_spread", "center_spread_d16", "piiipp"),
    CENTER_SPREAD_D128("center_spread", "center_spread_d128", "piiipp"),
    CENTER_SPREAD_FINISH("center_spread", "center_spread_finish", "pilfp"),
    CENTER_UPDATE("center_update", "center_update", "ppiiiiifpp"),
    CENTER_UPDATE_CLASS_SUMS("center_update", "center_update_class_sums", "ppiiifp"),
    CENTER_UPDATE_NAIVE("center_update", "center_update_naive", "ppiiifp"),
    CLASS_ORDER("class_order", "class_order", "pip"),
    COMPOSED_NORMS("composed", "composed_norms", "piip"),
    COMPOSED_DISTANCES("composed", "composed_distances", "ppiip"),
    COMPOSED_MAP("composed", "composed_map", "plifp"),
    COMPOSED_MASK("composed", "composed_mask", "pppiip"),
    COMPOSED_NO_CLASS("composed", "composed_no_class", "piip"),
    COMPOSED_GRADIENT("composed", "composed_gradient", "pppiifip"),
    COMPOSED_ARG_MIN_WARP("composed", "composed_arg_min_warp", "piipp"),
    COMPOSED_ARG_MIN_BLOCK("composed", "composed_arg_min_block", "piipp"),
    COMPOSED_CENTER_STEP("composed", "composed_center_step", "ppiifp"),
    GLOBAL_AVERAGE_POOLING_FORWARD(
            "global_average_pooling", "global_average_pooling_forward", "piip"),
    GLOBAL_AVERAGE_POOLING_BACKWARD(
            "global_average_pooling", "global_average_pooling_backward", "piip"),
    GRADIENT_CLIPPING_SQUARES("gradient_clipping", "gradient_clipping_squares", "pip"),
    GRADIENT_CLIPPING_SCALE("gradient_clipping", "gradient_clipping_scale", "pdipp"),
    IMAGE_BATCHES_DRAW("image_batches", "image_batches_draw", "pppilididdddpp"),
    IMAGE_BATCHES_NEXT("image_batches", "image_batches_next", "ppiiiiipp"),
    IMAGE_BATCHES_CONTRAST("image_batches", "image_batches_contrast", "ppiiiip"),
    LOSS_METER_ADD("loss_meter", "loss_meter_add", "ppppppppp"),
    MAX_POOLING_FORWARD("max_pooling", "max_pooling_forward", "piiiiiiiipp"),
    MAX_POOLING_BACKWARD("max_pooling", "max_pooling_backward", "ppiiiiiiiip"),
    NEAREST_CENTER_D4("nearest_center", "nearest_center_d4", "ppiiiipp"),
    NEAREST_CENTER_D16("nearest_center", "nearest_center_d16", "ppiiiipp"),
    NEAREST_CENTER_D128("nearest_center", "nearest_center_d128", "ppiiiipp"),
    NEAREST_CENTER_FINISH("nearest_center", "nearest_center_finish", "ppiipp"),
    NEAREST_CENTER_PAIRS_NAIVE("nearest_center", "nearest_center_pairs_naive", "ppiiip"),
    NEAREST_CENTER_ROWS_NAIVE("nearest_center", "nearest_center_rows_naive", "piipp"),
    PAIRWISE_REPULSION_D2("pairwise_repulsion", "pairwise_repulsion_d2", "ppiiiifpp"),
    PAIRWISE_REPULSION_D4("pairwise_repulsion", "pairwise_repulsion_d4", "ppiiiifpp"),
    PAIRWISE_REPULSION_D16("pairwise_repulsion", "pairwise_repulsion_d16", "ppiiiifpp"),
    PAIRWISE_REPULSION_D32("pairwise_repulsion", "pairwise_repulsion_d32", "ppiiiifpp"),
    PAIRWISE_REPULSION_D64("pairwise_repulsion", "pairwise_repulsion_d64", "ppiiiifpp"),
    PAIRWISE_REPULSION_D128("pairwise_repulsion", "pairwise_repulsion_d128", "ppiiiifpp"),
    PAIRWISE_REPULSION_FINISH("pairwise_repulsion", "pairwise_repulsion_finish", "pilfip"),
    PAIRWISE_REPULSION_PAIRS_NAIVE(
            "pairwise_repulsion", "pairwise_repulsion_pairs_naive", "ppiiifpp"),
    PAIRWISE_REPULSION_ROWS_NAIVE("pairwise_repulsion", "pairwise_repulsion_rows_naive", "pip"),
    PAIRWISE_REPULSION_DX_NAIVE("pairwise_repulsion", "pairwise_repulsion_dx_naive", "ppiifip"),
    PEAKS_COPY("peaks", "peaks_copy", "pip"),
    PEAKS_MULTIPLY_ADD("peaks", "peaks_multiply_add", "iffp"),
    PRELU_FORWARD("prelu", "prelu_forward", "pppi"),
    PRELU_BACKWARD("prelu", "prelu_backward", "pppppi"),
    SUM_PARTIALS("reduction", "sum_partials", "pifp"),
    SGD_STEP("sgd", "sgd_step", "ppppffii"),
    SOFTMAX_CROSS_ENTROPY_WARP("softmax_cross_entropy", "softmax_cross_entropy_warp", "ppiifpp"),
    SOFTMAX_CROSS_ENTROPY_BLOCK("softmax_cross_entropy", "softmax_cross_entropy_block", "ppiifpp"),
    STEP_TABLE_NEXT("step_table", "step_table_next", "ppip");

    private final String module;
    private final String entry;
    private final List<ParameterType> parameters;

    /**
     * @param module the source file in {@code kernels/}, without its ending
     * @param entry the function's name in it
     * @param parameters a letter for the type of each, in order: see {@link ParameterType}
     */
    KernelFunction(String module, String entry, String parameters) {
        this.module = module;
        this.entry = entry;
        this.parameters =
                parameters.chars().mapToObj(letter -> ParameterType.of((char) letter)).toList();
    }

    String module() {
        return module;
    }

    String entry() {
        return entry;
    }

    List<ParameterType> parameters() {
        return parameters;
    }
}
