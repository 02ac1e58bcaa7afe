package org.centerloss.device.cuda;

import static org.centerloss.device.cuda.ParameterType.DOUBLE;
import static org.centerloss.device.cuda.ParameterType.FLOAT;
import static org.centerloss.device.cuda.ParameterType.INT;
import static org.centerloss.device.cuda.ParameterType.LONG;
import static org.centerloss.device.cuda.ParameterType.POINTER;

import java.util.List;

/** Every kernel: the one list of their names and parameters on the Java side. */
enum KernelFunction {
    ADDITION_FORWARD("addition", "addition_forward", POINTER, POINTER, POINTER, INT),
    ARG_MAX_WARP("arg_max", "arg_max_warp", POINTER, INT, INT, POINTER),
    ARG_MAX_BLOCK("arg_max", "arg_max_block", POINTER, INT, INT, POINTER),
    CENTER_LOSS_FORWARD(
            "center_loss",
            "center_loss_forward",
            POINTER,
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER),
    CENTER_LOSS_FORWARD_BACKWARD(
            "center_loss",
            "center_loss_forward_backward",
            POINTER,
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            FLOAT,
            INT,
            POINTER,
            POINTER,
            POINTER,
            POINTER),
    CENTER_LOSS_CLASS_SUMS(
            "center_loss",
            "center_loss_class_sums",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER),
    CENTER_LOSS_DISTANCES_NAIVE(
            "center_loss",
            "center_loss_distances_naive",
            POINTER,
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    CENTER_LOSS_DX_NAIVE(
            "center_loss",
            "center_loss_dx_naive",
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            FLOAT,
            INT,
            POINTER),
    CENTER_LOSS_DCENTERS_NAIVE(
            "center_loss",
            "center_loss_dcenters_naive",
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER),
    CENTER_SPREAD_D16(
            "center_spread", "center_spread_d16", POINTER, INT, INT, INT, POINTER, POINTER),
    CENTER_SPREAD_D128(
            "center_spread", "center_spread_d128", POINTER, INT, INT, INT, POINTER, POINTER),
    CENTER_SPREAD_FINISH(
            "center_spread", "center_spread_finish", POINTER, INT, LONG, FLOAT, POINTER),
    CENTER_UPDATE(
            "center_update",
            "center_update",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    CENTER_UPDATE_CLASS_SUMS(
            "center_update",
            "center_update_class_sums",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER),
    CENTER_UPDATE_NAIVE(
            "center_update",
            "center_update_naive",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER),
    CLASS_ORDER("class_order", "class_order", POINTER, INT, POINTER),
    IMAGE_BATCHES_NEXT(
            "image_batches",
            "image_batches_next",
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            LONG,
            INT,
            DOUBLE,
            INT),
    IMAGE_BATCHES_ADVANCE("image_batches", "image_batches_advance", POINTER, INT),
    LOSS_METER_ADD("loss_meter", "loss_meter_add", POINTER, POINTER, POINTER, POINTER, POINTER),
    NEAREST_CENTER_D4(
            "nearest_center",
            "nearest_center_d4",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            POINTER,
            POINTER),
    NEAREST_CENTER_D16(
            "nearest_center",
            "nearest_center_d16",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            POINTER,
            POINTER),
    NEAREST_CENTER_D128(
            "nearest_center",
            "nearest_center_d128",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            POINTER,
            POINTER),
    NEAREST_CENTER_FINISH(
            "nearest_center",
            "nearest_center_finish",
            POINTER,
            POINTER,
            INT,
            INT,
            POINTER,
            POINTER),
    NEAREST_CENTER_PAIRS_NAIVE(
            "nearest_center",
            "nearest_center_pairs_naive",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            POINTER),
    NEAREST_CENTER_ROWS_NAIVE(
            "nearest_center", "nearest_center_rows_naive", POINTER, INT, INT, POINTER, POINTER),
    PAIRWISE_REPULSION_D2(
            "pairwise_repulsion",
            "pairwise_repulsion_d2",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    PAIRWISE_REPULSION_D4(
            "pairwise_repulsion",
            "pairwise_repulsion_d4",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    PAIRWISE_REPULSION_D16(
            "pairwise_repulsion",
            "pairwise_repulsion_d16",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    PAIRWISE_REPULSION_D32(
            "pairwise_repulsion",
            "pairwise_repulsion_d32",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    PAIRWISE_REPULSION_D64(
            "pairwise_repulsion",
            "pairwise_repulsion_d64",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    PAIRWISE_REPULSION_D128(
            "pairwise_repulsion",
            "pairwise_repulsion_d128",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    PAIRWISE_REPULSION_FINISH(
            "pairwise_repulsion",
            "pairwise_repulsion_finish",
            POINTER,
            INT,
            LONG,
            FLOAT,
            INT,
            POINTER),
    PAIRWISE_REPULSION_PAIRS_NAIVE(
            "pairwise_repulsion",
            "pairwise_repulsion_pairs_naive",
            POINTER,
            POINTER,
            INT,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    PAIRWISE_REPULSION_ROWS_NAIVE(
            "pairwise_repulsion", "pairwise_repulsion_rows_naive", POINTER, INT, POINTER),
    PAIRWISE_REPULSION_DX_NAIVE(
            "pairwise_repulsion",
            "pairwise_repulsion_dx_naive",
            POINTER,
            POINTER,
            INT,
            INT,
            FLOAT,
            INT,
            POINTER),
    SUM_PARTIALS("reduction", "sum_partials", POINTER, INT, FLOAT, POINTER),
    SGD_STEP("sgd", "sgd_step", POINTER, POINTER, POINTER, POINTER, FLOAT, FLOAT, INT),
    SOFTMAX_CROSS_ENTROPY_WARP(
            "softmax_cross_entropy",
            "softmax_cross_entropy_warp",
            POINTER,
            POINTER,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER),
    SOFTMAX_CROSS_ENTROPY_BLOCK(
            "softmax_cross_entropy",
            "softmax_cross_entropy_block",
            POINTER,
            POINTER,
            INT,
            INT,
            FLOAT,
            POINTER,
            POINTER);

    private final String module;
    private final String entry;
    private final List<ParameterType> parameters;

    /**
     * @param module the source file in {@code kernels/}, without its ending
     * @param entry the function's name in it
     * @param parameters their types, in order
     */
    KernelFunction(String module, String entry, ParameterType... parameters) {
        this.module = module;
        this.entry = entry;
        this.parameters = List.of(parameters);
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
