(module (func (param v128) (result f64)
  (f64x2.extract_lane 1 (local.get 0))))
;; becomes
;; func 0 @0x18
;;   pick 0
;;   f64x2.extract_lane 1
;;        0  vpshufd xmm1, xmm0, 0EEh
;;   br .return
;;        5  movaps xmm0, xmm1
;;        8  ret
