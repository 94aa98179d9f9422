//! The operator table's vectors: `v128` operators, one row an operator.
//!
//! Lanes are counted from the lowest byte, as in memory. The type before the point is the shape of
//! the result's lanes (of the operands' in comparisons and tests), unsigned where the operator is.

use super::op::family;
use super::types::Type;

family! {
    /// Operators on vectors without immediates.
    Vector {
        I8x16Swizzle "i8x16.swizzle" [V128 V128] -> V128,
        I8x16Splat "i8x16.splat" [I32] -> V128,
        I16x8Splat "i16x8.splat" [I32] -> V128,
        I32x4Splat "i32x4.splat" [I32] -> V128,
        I64x2Splat "i64x2.splat" [I64] -> V128,
        F32x4Splat "f32x4.splat" [F32] -> V128,
        F64x2Splat "f64x2.splat" [F64] -> V128,
        I8x16Eq "i8x16.eq" [V128 V128] -> V128,
        I8x16Ne "i8x16.ne" [V128 V128] -> V128,
        I8x16LtS "i8x16.lt" [V128 V128] -> V128,
        I8x16LtU "u8x16.lt" [V128 V128] -> V128,
        I8x16GtS "i8x16.gt" [V128 V128] -> V128,
        I8x16GtU "u8x16.gt" [V128 V128] -> V128,
        I8x16LeS "i8x16.le" [V128 V128] -> V128,
        I8x16LeU "u8x16.le" [V128 V128] -> V128,
        I8x16GeS "i8x16.ge" [V128 V128] -> V128,
        I8x16GeU "u8x16.ge" [V128 V128] -> V128,
        I16x8Eq "i16x8.eq" [V128 V128] -> V128,
        I16x8Ne "i16x8.ne" [V128 V128] -> V128,
        I16x8LtS "i16x8.lt" [V128 V128] -> V128,
        I16x8LtU "u16x8.lt" [V128 V128] -> V128,
        I16x8GtS "i16x8.gt" [V128 V128] -> V128,
        I16x8GtU "u16x8.gt" [V128 V128] -> V128,
        I16x8LeS "i16x8.le" [V128 V128] -> V128,
        I16x8LeU "u16x8.le" [V128 V128] -> V128,
        I16x8GeS "i16x8.ge" [V128 V128] -> V128,
        I16x8GeU "u16x8.ge" [V128 V128] -> V128,
        I32x4Eq "i32x4.eq" [V128 V128] -> V128,
        I32x4Ne "i32x4.ne" [V128 V128] -> V128,
        I32x4LtS "i32x4.lt" [V128 V128] -> V128,
        I32x4LtU "u32x4.lt" [V128 V128] -> V128,
        I32x4GtS "i32x4.gt" [V128 V128] -> V128,
        I32x4GtU "u32x4.gt" [V128 V128] -> V128,
        I32x4LeS "i32x4.le" [V128 V128] -> V128,
        I32x4LeU "u32x4.le" [V128 V128] -> V128,
        I32x4GeS "i32x4.ge" [V128 V128] -> V128,
        I32x4GeU "u32x4.ge" [V128 V128] -> V128,
        I64x2Eq "i64x2.eq" [V128 V128] -> V128,
        I64x2Ne "i64x2.ne" [V128 V128] -> V128,
        I64x2LtS "i64x2.lt" [V128 V128] -> V128,
        I64x2GtS "i64x2.gt" [V128 V128] -> V128,
        I64x2LeS "i64x2.le" [V128 V128] -> V128,
        I64x2GeS "i64x2.ge" [V128 V128] -> V128,
        F32x4Eq "f32x4.eq" [V128 V128] -> V128,
        F32x4Ne "f32x4.ne" [V128 V128] -> V128,
        F32x4Lt "f32x4.lt" [V128 V128] -> V128,
        F32x4Gt "f32x4.gt" [V128 V128] -> V128,
        F32x4Le "f32x4.le" [V128 V128] -> V128,
        F32x4Ge "f32x4.ge" [V128 V128] -> V128,
        F64x2Eq "f64x2.eq" [V128 V128] -> V128,
        F64x2Ne "f64x2.ne" [V128 V128] -> V128,
        F64x2Lt "f64x2.lt" [V128 V128] -> V128,
        F64x2Gt "f64x2.gt" [V128 V128] -> V128,
        F64x2Le "f64x2.le" [V128 V128] -> V128,
        F64x2Ge "f64x2.ge" [V128 V128] -> V128,
        V128Not "v128.not" [V128] -> V128,
        V128And "v128.and" [V128 V128] -> V128,
        V128AndNot "v128.andnot" [V128 V128] -> V128,
        V128Or "v128.or" [V128 V128] -> V128,
        V128Xor "v128.xor" [V128 V128] -> V128,
        V128Bitselect "v128.bitselect" [V128 V128 V128] -> V128,
        V128AnyTrue "v128.any_true" [V128] -> I32,
        I8x16Abs "i8x16.abs" [V128] -> V128,
        I8x16Neg "i8x16.neg" [V128] -> V128,
        I8x16Popcnt "i8x16.popcnt" [V128] -> V128,
        I8x16AllTrue "i8x16.all_true" [V128] -> I32,
        I8x16Bitmask "i8x16.bitmask" [V128] -> I32,
        I8x16NarrowI16x8S "i8x16.narrow_from.i16x8" [V128 V128] -> V128,
        I8x16NarrowI16x8U "u8x16.narrow_from.i16x8" [V128 V128] -> V128,
        I8x16Shl "i8x16.shl" [V128 I32] -> V128,
        I8x16ShrS "i8x16.shr" [V128 I32] -> V128,
        I8x16ShrU "u8x16.shr" [V128 I32] -> V128,
        I8x16Add "i8x16.add" [V128 V128] -> V128,
        I8x16AddSatS "i8x16.add_sat" [V128 V128] -> V128,
        I8x16AddSatU "u8x16.add_sat" [V128 V128] -> V128,
        I8x16Sub "i8x16.sub" [V128 V128] -> V128,
        I8x16SubSatS "i8x16.sub_sat" [V128 V128] -> V128,
        I8x16SubSatU "u8x16.sub_sat" [V128 V128] -> V128,
        I8x16MinS "i8x16.min" [V128 V128] -> V128,
        I8x16MinU "u8x16.min" [V128 V128] -> V128,
        I8x16MaxS "i8x16.max" [V128 V128] -> V128,
        I8x16MaxU "u8x16.max" [V128 V128] -> V128,
        I8x16AvgrU "u8x16.avgr" [V128 V128] -> V128,
        I16x8ExtAddPairwiseI8x16S "i16x8.extadd_pairwise_from.i8x16" [V128] -> V128,
        I16x8ExtAddPairwiseI8x16U "i16x8.extadd_pairwise_from.u8x16" [V128] -> V128,
        I16x8Abs "i16x8.abs" [V128] -> V128,
        I16x8Neg "i16x8.neg" [V128] -> V128,
        I16x8Q15MulrSatS "i16x8.q15mulr_sat" [V128 V128] -> V128,
        I16x8AllTrue "i16x8.all_true" [V128] -> I32,
        I16x8Bitmask "i16x8.bitmask" [V128] -> I32,
        I16x8NarrowI32x4S "i16x8.narrow_from.i32x4" [V128 V128] -> V128,
        I16x8NarrowI32x4U "u16x8.narrow_from.i32x4" [V128 V128] -> V128,
        I16x8ExtendLowI8x16S "i16x8.extend_low_from.i8x16" [V128] -> V128,
        I16x8ExtendHighI8x16S "i16x8.extend_high_from.i8x16" [V128] -> V128,
        I16x8ExtendLowI8x16U "i16x8.extend_low_from.u8x16" [V128] -> V128,
        I16x8ExtendHighI8x16U "i16x8.extend_high_from.u8x16" [V128] -> V128,
        I16x8Shl "i16x8.shl" [V128 I32] -> V128,
        I16x8ShrS "i16x8.shr" [V128 I32] -> V128,
        I16x8ShrU "u16x8.shr" [V128 I32] -> V128,
        I16x8Add "i16x8.add" [V128 V128] -> V128,
        I16x8AddSatS "i16x8.add_sat" [V128 V128] -> V128,
        I16x8AddSatU "u16x8.add_sat" [V128 V128] -> V128,
        I16x8Sub "i16x8.sub" [V128 V128] -> V128,
        I16x8SubSatS "i16x8.sub_sat" [V128 V128] -> V128,
        I16x8SubSatU "u16x8.sub_sat" [V128 V128] -> V128,
        I16x8Mul "i16x8.mul" [V128 V128] -> V128,
        I16x8MinS "i16x8.min" [V128 V128] -> V128,
        I16x8MinU "u16x8.min" [V128 V128] -> V128,
        I16x8MaxS "i16x8.max" [V128 V128] -> V128,
        I16x8MaxU "u16x8.max" [V128 V128] -> V128,
        I16x8AvgrU "u16x8.avgr" [V128 V128] -> V128,
        I16x8ExtMulLowI8x16S "i16x8.extmul_low_from.i8x16" [V128 V128] -> V128,
        I16x8ExtMulHighI8x16S "i16x8.extmul_high_from.i8x16" [V128 V128] -> V128,
        I16x8ExtMulLowI8x16U "i16x8.extmul_low_from.u8x16" [V128 V128] -> V128,
        I16x8ExtMulHighI8x16U "i16x8.extmul_high_from.u8x16" [V128 V128] -> V128,
        I32x4ExtAddPairwiseI16x8S "i32x4.extadd_pairwise_from.i16x8" [V128] -> V128,
        I32x4ExtAddPairwiseI16x8U "i32x4.extadd_pairwise_from.u16x8" [V128] -> V128,
        I32x4Abs "i32x4.abs" [V128] -> V128,
        I32x4Neg "i32x4.neg" [V128] -> V128,
        I32x4AllTrue "i32x4.all_true" [V128] -> I32,
        I32x4Bitmask "i32x4.bitmask" [V128] -> I32,
        I32x4ExtendLowI16x8S "i32x4.extend_low_from.i16x8" [V128] -> V128,
        I32x4ExtendHighI16x8S "i32x4.extend_high_from.i16x8" [V128] -> V128,
        I32x4ExtendLowI16x8U "i32x4.extend_low_from.u16x8" [V128] -> V128,
        I32x4ExtendHighI16x8U "i32x4.extend_high_from.u16x8" [V128] -> V128,
        I32x4Shl "i32x4.shl" [V128 I32] -> V128,
        I32x4ShrS "i32x4.shr" [V128 I32] -> V128,
        I32x4ShrU "u32x4.shr" [V128 I32] -> V128,
        I32x4Add "i32x4.add" [V128 V128] -> V128,
        I32x4Sub "i32x4.sub" [V128 V128] -> V128,
        I32x4Mul "i32x4.mul" [V128 V128] -> V128,
        I32x4MinS "i32x4.min" [V128 V128] -> V128,
        I32x4MinU "u32x4.min" [V128 V128] -> V128,
        I32x4MaxS "i32x4.max" [V128 V128] -> V128,
        I32x4MaxU "u32x4.max" [V128 V128] -> V128,
        I32x4DotI16x8S "i32x4.dot_from.i16x8" [V128 V128] -> V128,
        I32x4ExtMulLowI16x8S "i32x4.extmul_low_from.i16x8" [V128 V128] -> V128,
        I32x4ExtMulHighI16x8S "i32x4.extmul_high_from.i16x8" [V128 V128] -> V128,
        I32x4ExtMulLowI16x8U "i32x4.extmul_low_from.u16x8" [V128 V128] -> V128,
        I32x4ExtMulHighI16x8U "i32x4.extmul_high_from.u16x8" [V128 V128] -> V128,
        I64x2Abs "i64x2.abs" [V128] -> V128,
        I64x2Neg "i64x2.neg" [V128] -> V128,
        I64x2AllTrue "i64x2.all_true" [V128] -> I32,
        I64x2Bitmask "i64x2.bitmask" [V128] -> I32,
        I64x2ExtendLowI32x4S "i64x2.extend_low_from.i32x4" [V128] -> V128,
        I64x2ExtendHighI32x4S "i64x2.extend_high_from.i32x4" [V128] -> V128,
        I64x2ExtendLowI32x4U "i64x2.extend_low_from.u32x4" [V128] -> V128,
        I64x2ExtendHighI32x4U "i64x2.extend_high_from.u32x4" [V128] -> V128,
        I64x2Shl "i64x2.shl" [V128 I32] -> V128,
        I64x2ShrS "i64x2.shr" [V128 I32] -> V128,
        I64x2ShrU "u64x2.shr" [V128 I32] -> V128,
        I64x2Add "i64x2.add" [V128 V128] -> V128,
        I64x2Sub "i64x2.sub" [V128 V128] -> V128,
        I64x2Mul "i64x2.mul" [V128 V128] -> V128,
        I64x2ExtMulLowI32x4S "i64x2.extmul_low_from.i32x4" [V128 V128] -> V128,
        I64x2ExtMulHighI32x4S "i64x2.extmul_high_from.i32x4" [V128 V128] -> V128,
        I64x2ExtMulLowI32x4U "i64x2.extmul_low_from.u32x4" [V128 V128] -> V128,
        I64x2ExtMulHighI32x4U "i64x2.extmul_high_from.u32x4" [V128 V128] -> V128,
        F32x4Ceil "f32x4.ceil" [V128] -> V128,
        F32x4Floor "f32x4.floor" [V128] -> V128,
        F32x4Trunc "f32x4.trunc" [V128] -> V128,
        F32x4Nearest "f32x4.nearest" [V128] -> V128,
        F32x4Abs "f32x4.abs" [V128] -> V128,
        F32x4Neg "f32x4.neg" [V128] -> V128,
        F32x4Sqrt "f32x4.sqrt" [V128] -> V128,
        F32x4Add "f32x4.add" [V128 V128] -> V128,
        F32x4Sub "f32x4.sub" [V128 V128] -> V128,
        F32x4Mul "f32x4.mul" [V128 V128] -> V128,
        F32x4Div "f32x4.div" [V128 V128] -> V128,
        F32x4Min "f32x4.min" [V128 V128] -> V128,
        F32x4Max "f32x4.max" [V128 V128] -> V128,
        F32x4PMin "f32x4.pmin" [V128 V128] -> V128,
        F32x4PMax "f32x4.pmax" [V128 V128] -> V128,
        F64x2Ceil "f64x2.ceil" [V128] -> V128,
        F64x2Floor "f64x2.floor" [V128] -> V128,
        F64x2Trunc "f64x2.trunc" [V128] -> V128,
        F64x2Nearest "f64x2.nearest" [V128] -> V128,
        F64x2Abs "f64x2.abs" [V128] -> V128,
        F64x2Neg "f64x2.neg" [V128] -> V128,
        F64x2Sqrt "f64x2.sqrt" [V128] -> V128,
        F64x2Add "f64x2.add" [V128 V128] -> V128,
        F64x2Sub "f64x2.sub" [V128 V128] -> V128,
        F64x2Mul "f64x2.mul" [V128 V128] -> V128,
        F64x2Div "f64x2.div" [V128 V128] -> V128,
        F64x2Min "f64x2.min" [V128 V128] -> V128,
        F64x2Max "f64x2.max" [V128 V128] -> V128,
        F64x2PMin "f64x2.pmin" [V128 V128] -> V128,
        F64x2PMax "f64x2.pmax" [V128 V128] -> V128,
        I32x4TruncSatF32x4S "i32x4.truncate_sat_from.f32x4" [V128] -> V128,
        I32x4TruncSatF32x4U "u32x4.truncate_sat_from.f32x4" [V128] -> V128,
        F32x4ConvertI32x4S "f32x4.convert_from.i32x4" [V128] -> V128,
        F32x4ConvertI32x4U "f32x4.convert_from.u32x4" [V128] -> V128,
        I32x4TruncSatF64x2SZero "i32x4.truncate_sat_zero_from.f64x2" [V128] -> V128,
        I32x4TruncSatF64x2UZero "u32x4.truncate_sat_zero_from.f64x2" [V128] -> V128,
        F64x2ConvertLowI32x4S "f64x2.convert_low_from.i32x4" [V128] -> V128,
        F64x2ConvertLowI32x4U "f64x2.convert_low_from.u32x4" [V128] -> V128,
        F32x4DemoteF64x2Zero "f32x4.demote_zero_from.f64x2" [V128] -> V128,
        F64x2PromoteLowF32x4 "f64x2.promote_low_from.f32x4" [V128] -> V128,
        I8x16RelaxedSwizzle "i8x16.relaxed_swizzle" [V128 V128] -> V128,
        I32x4RelaxedTruncF32x4S "i32x4.relaxed_truncate_from.f32x4" [V128] -> V128,
        I32x4RelaxedTruncF32x4U "u32x4.relaxed_truncate_from.f32x4" [V128] -> V128,
        I32x4RelaxedTruncF64x2SZero "i32x4.relaxed_truncate_zero_from.f64x2" [V128] -> V128,
        I32x4RelaxedTruncF64x2UZero "u32x4.relaxed_truncate_zero_from.f64x2" [V128] -> V128,
        F32x4RelaxedMadd "f32x4.relaxed_madd" [V128 V128 V128] -> V128,
        F32x4RelaxedNmadd "f32x4.relaxed_nmadd" [V128 V128 V128] -> V128,
        F64x2RelaxedMadd "f64x2.relaxed_madd" [V128 V128 V128] -> V128,
        F64x2RelaxedNmadd "f64x2.relaxed_nmadd" [V128 V128 V128] -> V128,
        I8x16RelaxedLaneselect "i8x16.relaxed_laneselect" [V128 V128 V128] -> V128,
        I16x8RelaxedLaneselect "i16x8.relaxed_laneselect" [V128 V128 V128] -> V128,
        I32x4RelaxedLaneselect "i32x4.relaxed_laneselect" [V128 V128 V128] -> V128,
        I64x2RelaxedLaneselect "i64x2.relaxed_laneselect" [V128 V128 V128] -> V128,
        F32x4RelaxedMin "f32x4.relaxed_min" [V128 V128] -> V128,
        F32x4RelaxedMax "f32x4.relaxed_max" [V128 V128] -> V128,
        F64x2RelaxedMin "f64x2.relaxed_min" [V128 V128] -> V128,
        F64x2RelaxedMax "f64x2.relaxed_max" [V128 V128] -> V128,
        I16x8RelaxedQ15mulrS "i16x8.relaxed_q15mulr" [V128 V128] -> V128,
        I16x8RelaxedDotI8x16I7x16S "i16x8.relaxed_dot_from.i8x16" [V128 V128] -> V128,
        I32x4RelaxedDotI8x16I7x16AddS "i32x4.relaxed_dot_add_from.i8x16" [V128 V128 V128] -> V128,
    }
}

family! {
    /// Reading and replacing one lane; the lane's number is an immediate.
    Lane {
        I8x16ExtractLaneS "i8x16.extract_lane" [V128] -> I32,
        I8x16ExtractLaneU "u8x16.extract_lane" [V128] -> I32,
        I8x16ReplaceLane "i8x16.replace_lane" [V128 I32] -> V128,
        I16x8ExtractLaneS "i16x8.extract_lane" [V128] -> I32,
        I16x8ExtractLaneU "u16x8.extract_lane" [V128] -> I32,
        I16x8ReplaceLane "i16x8.replace_lane" [V128 I32] -> V128,
        I32x4ExtractLane "i32x4.extract_lane" [V128] -> I32,
        I32x4ReplaceLane "i32x4.replace_lane" [V128 I32] -> V128,
        I64x2ExtractLane "i64x2.extract_lane" [V128] -> I64,
        I64x2ReplaceLane "i64x2.replace_lane" [V128 I64] -> V128,
        F32x4ExtractLane "f32x4.extract_lane" [V128] -> F32,
        F32x4ReplaceLane "f32x4.replace_lane" [V128 F32] -> V128,
        F64x2ExtractLane "f64x2.extract_lane" [V128] -> F64,
        F64x2ReplaceLane "f64x2.replace_lane" [V128 F64] -> V128,
    }
}

family! {
    /// Loads of one lane from memory; the others are kept.
    LoadLane {
        V128Load8Lane "v128.load8_lane" [I32 V128] -> V128,
        V128Load16Lane "v128.load16_lane" [I32 V128] -> V128,
        V128Load32Lane "v128.load32_lane" [I32 V128] -> V128,
        V128Load64Lane "v128.load64_lane" [I32 V128] -> V128,
    }
}

family! {
    /// Stores of one lane to memory.
    StoreLane {
        V128Store8Lane "v128.store8_lane" [I32 V128] -> V128,
        V128Store16Lane "v128.store16_lane" [I32 V128] -> V128,
        V128Store32Lane "v128.store32_lane" [I32 V128] -> V128,
        V128Store64Lane "v128.store64_lane" [I32 V128] -> V128,
    }
}

impl Lane {
    /// How many lanes the shape has: the lane's number is below it.
    pub const fn lanes(self) -> u8 {
        match self {
            Lane::I8x16ExtractLaneS | Lane::I8x16ExtractLaneU | Lane::I8x16ReplaceLane => 16,
            Lane::I16x8ExtractLaneS | Lane::I16x8ExtractLaneU | Lane::I16x8ReplaceLane => 8,
            Lane::I32x4ExtractLane | Lane::I32x4ReplaceLane | Lane::F32x4ExtractLane | Lane::F32x4ReplaceLane => 4,
            Lane::I64x2ExtractLane | Lane::I64x2ReplaceLane | Lane::F64x2ExtractLane | Lane::F64x2ReplaceLane => 2,
        }
    }
}

impl LoadLane {
    /// How many bytes the lane has.
    pub const fn bytes(self) -> u8 {
        match self {
            LoadLane::V128Load8Lane => 1,
            LoadLane::V128Load16Lane => 2,
            LoadLane::V128Load32Lane => 4,
            LoadLane::V128Load64Lane => 8,
        }
    }

    /// How many lanes the shape has: the lane's number is below it.
    pub const fn lanes(self) -> u8 {
        16 / self.bytes()
    }
}

impl StoreLane {
    /// How many bytes the lane has.
    pub const fn bytes(self) -> u8 {
        match self {
            StoreLane::V128Store8Lane => 1,
            StoreLane::V128Store16Lane => 2,
            StoreLane::V128Store32Lane => 4,
            StoreLane::V128Store64Lane => 8,
        }
    }

    /// How many lanes the shape has: the lane's number is below it.
    pub const fn lanes(self) -> u8 {
        16 / self.bytes()
    }
}
